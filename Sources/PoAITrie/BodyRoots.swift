import PoAIPrimitives
import PoAITypes

extension OrderedTrie {
    /// The transactionsRoot of a header over these transactions.
    public static func root(of transactions: [Transaction]) -> Hash32 {
        transactions.isEmpty ? EmptyRoots.trie : root(transactions.map { $0.encoded() })
    }

    /// The receiptsRoot of a header over these receipts.
    public static func root(of receipts: [Receipt]) -> Hash32 {
        receipts.isEmpty ? EmptyRoots.trie : root(receipts.map { $0.encoded() })
    }
}
