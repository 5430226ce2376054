import PoAIPrimitives
import PoAITypes

/// Why bytes are not a message of docs/spec/network.md.
public enum WireError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not the canonical RLP of what was expected.
    case rlp(RLPError)
    /// No message of the protocol has this number.
    case kind(UInt64)
    /// More of something, of this name, than the protocol allows.
    case tooMany(String, got: Int, limit: Int)
    /// Another version of the protocols, whose messages this node cannot read.
    case version(UInt64)
    /// A field, of this name, with a value it may not have.
    case value(String)
    /// A header that does not decode.
    case header(HeaderDecodingError)
    /// A block that does not decode.
    case block(BlockDecodingError)
    /// A transaction that does not decode.
    case transaction(TransactionDecodingError)

    /// One line for a person.
    public var description: String {
        switch self {
        case .rlp(let error): error.description
        case .kind(let got): "there is no message with number \(got)"
        case .tooMany(let name, let got, let limit): "\(got) \(name), at most \(limit) are allowed"
        case .version(let got): "it is of version \(got) of the protocols"
        case .value(let name): "the field \(name) has a value it may not have"
        case .header(let error): "\(error)"
        case .block(let error): error.description
        case .transaction(let error): "\(error)"
        }
    }
}

/// The limits of the protocols of one chain.
public enum WireLimits {
    /// Bytes of a status.
    public static let status = 1024
    /// Fields of a status of any version.
    public static let statusFields = 256
    /// Bytes of a request for headers, bodies, blocks, or waiting transactions.
    public static let request = 16 << 10
    /// Bytes of an answer.
    public static let answer = 8 << 20
    /// Bytes from which on an answerer adds no more blocks, bodies or transactions to an answer.
    public static let softAnswer = 2 << 20
    /// Bytes of a block that is announced whole.
    public static let wholeBlock = 256 << 10
    /// Bytes of a message on the topic of blocks.
    public static let blockMessage = wholeBlock + 16
    /// Bytes of one block in an answer.
    public static let block = 4 << 20
    /// Hashes of a locator.
    public static let locator = 64
    /// Headers in an answer.
    public static let headers = 512
    /// Bodies or blocks that one request names.
    public static let bodies = 128
    /// Hashes of waiting transactions in an answer.
    public static let poolHashes = 16_384
    /// Transactions that one request or announcement names.
    public static let transactions = 256
    /// Bytes of one transaction.
    public static let transaction = 128 << 10
    /// Bytes of the text in a status that names the program.
    public static let agent = 64
}
