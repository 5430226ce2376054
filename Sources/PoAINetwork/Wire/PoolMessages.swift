import PoAIPrimitives

/// Writes messages: RLP lists that begin with the number of their kind.
enum Wire {
    static func message(_ kind: UInt64, _ fields: RLPItem...) -> [UInt8] { RLP.encode(.list([.uint(kind)] + fields)) }

    /// A message whose one field is a list of items that are encoded already.
    static func message(_ kind: UInt64, encodedItems items: [[UInt8]]) -> [UInt8] {
        RLP.encode(listPayload: RLP.encode(.uint(kind)) + RLP.encode(listPayload: Array(items.joined())))
    }
}

/// A request of the protocol `pool` (docs/spec/network.md, "Pool").
public enum PoolRequest: Hashable, Sendable {
    /// The hashes of transactions that wait and can be executed.
    case hashes
    /// Transactions by hash.
    case transactions([Hash32])

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        switch self {
        case .hashes: Wire.message(1)
        case .transactions(let hashes): Wire.message(2, .list(hashes.map { .hash($0) }))
        }
    }

    /// Decodes exactly one request.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        let (kind, fields) = try WireReader.message(bytes)
        switch kind {
        case 1:
            guard fields.isEmpty else { throw .rlp(.wrongCount(expected: 1, got: fields.count + 1)) }
            self = .hashes
        case 2:
            self = .transactions(
                try WireReader.hashes(
                    try WireReader.single(fields), "transactions", limit: WireLimits.transactions))
        default: throw .kind(kind)
        }
    }
}

/// The answer to a `PoolRequest`. What the answerer does not have is left out; the order is that of the request.
public enum PoolAnswer: Hashable, Sendable {
    /// Hashes.
    case hashes([Hash32])
    /// Transactions in their envelopes (EIP-2718).
    case transactions([[UInt8]])

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        switch self {
        case .hashes(let hashes): Wire.message(1, .list(hashes.map { .hash($0) }))
        case .transactions(let encoded): Wire.message(2, .list(encoded.map { .bytes($0) }))
        }
    }

    /// Decodes exactly one answer; the transactions are not looked into.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        let (kind, fields) = try WireReader.message(bytes)
        let list = try WireReader.single(fields)
        switch kind {
        case 1: self = .hashes(try WireReader.hashes(list, "hashes", limit: WireLimits.poolHashes))
        case 2:
            var encoded: [[UInt8]] = []
            for part in try WireReader.parts(list, "transactions", limit: WireLimits.transactions) {
                encoded.append(try WireReader.data(part, "a transaction", limit: WireLimits.transaction))
            }
            self = .transactions(encoded)
        default: throw .kind(kind)
        }
    }
}
