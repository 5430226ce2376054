import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import PoAITypes
import Testing

/// The roots in `Tests/Fixtures/PoAITypes/transactions.json`, computed by the package trie.
@Suite struct BodyRootTests {
    struct Golden: Decodable {
        struct Item: Decodable {
            let raw, encoded: String?
        }
        let transactions, receipts: [Item]
        let transactionsRoot, receiptsRoot: String
    }

    @Test func rootsOfTransactionsAndReceipts() throws {
        let file = PackageRoot.file("Tests/Fixtures/PoAITypes/transactions.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        let transactions = try golden.transactions.map { try Transaction(encoded: try Hex.decode($0.raw ?? "")) }
        let receipts = try golden.receipts.map { try Receipt(encoded: try Hex.decode($0.encoded ?? "")) }
        #expect(OrderedTrie.root(of: transactions) == (try Hash32(hex: golden.transactionsRoot)))
        #expect(OrderedTrie.root(of: receipts) == (try Hash32(hex: golden.receiptsRoot)))
        #expect(OrderedTrie.root(of: transactions.reversed()) != (try Hash32(hex: golden.transactionsRoot)))
    }

    @Test func rootsOfNothing() {
        #expect(OrderedTrie.root(of: [Transaction]()) == EmptyRoots.trie)
        #expect(OrderedTrie.root(of: [Receipt]()) == EmptyTrie.root)
    }
}
