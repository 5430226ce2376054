import PoAIPrimitives

/// Why bytes are not the canonical RLP of a block (docs/spec/consensus.md, "Block").
public enum BlockDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The input is not one canonical RLP list.
    case notAList(RLPError)
    /// The list does not have the three parts header, transactions, uncles.
    case partCount(got: Int)
    /// The first part is not a header.
    case header(HeaderDecodingError)
    /// Transactions or uncles are no list in canonical form.
    case body(RLPError, blockHash: Hash32)
    /// One of the transactions is no transaction; the first is number 0.
    case transaction(index: Int, TransactionDecodingError, blockHash: Hash32)
    /// The block carries uncles, which the protocol does not have.
    case uncles(count: Int, blockHash: Hash32)

    /// One line that names the block where it is known.
    public var description: String {
        switch self {
        case .notAList(let error):
            "block: expected an RLP list of header, transactions and uncles: \(error)"
        case .partCount(let got):
            "block: expected 3 parts (header, transactions, uncles), got \(got)"
        case .header(let error):
            "block: \(error)"
        case .body(let error, let hash):
            "block \(hash): transactions and uncles must be lists: \(error)"
        case .transaction(let index, let error, let hash):
            "block \(hash): transaction \(index): \(error)"
        case .uncles(let count, let hash):
            "block \(hash): has \(count) uncles; expected an empty list"
        }
    }
}
