import PoAIPrimitives
import PoAITypes

/// A request of the protocol `sync` (docs/spec/network.md, "Sync").
public enum SyncRequest: Hashable, Sendable {
    /// Canonical headers after the first hash of the locator that is canonical there, ascending; at most `limit`.
    case headersAfter(locator: [Hash32], limit: UInt64)
    /// Canonical headers from a height on, ascending; at most `count`.
    case headers(from: UInt64, count: UInt64)
    /// Bodies of blocks.
    case bodies([Hash32])
    /// Blocks.
    case blocks([Hash32])

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        switch self {
        case .headersAfter(let locator, let limit): Wire.message(1, .list(locator.map { .hash($0) }), .uint(limit))
        case .headers(let from, let count): Wire.message(2, .uint(from), .uint(count))
        case .bodies(let hashes): Wire.message(3, .list(hashes.map { .hash($0) }))
        case .blocks(let hashes): Wire.message(4, .list(hashes.map { .hash($0) }))
        }
    }

    /// Decodes exactly one request.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        let (kind, fields) = try WireReader.message(bytes)
        switch kind {
        case 1:
            let (locator, limit) = try WireReader.pair(fields)
            self = .headersAfter(
                locator: try WireReader.hashes(locator, "locator hashes", limit: WireLimits.locator),
                limit: try Self.count(limit))
        case 2:
            let (from, count) = try WireReader.pair(fields)
            self = .headers(from: try WireReader.uint64(from), count: try Self.count(count))
        case 3: self = .bodies(try Self.named(fields))
        case 4: self = .blocks(try Self.named(fields))
        default: throw .kind(kind)
        }
    }

    private static func named(_ fields: ArraySlice<ArraySlice<UInt8>>) throws(WireError) -> [Hash32] {
        try WireReader.hashes(try WireReader.single(fields), "blocks", limit: WireLimits.bodies)
    }

    private static func count(_ bytes: ArraySlice<UInt8>) throws(WireError) -> UInt64 {
        let count = try WireReader.uint64(bytes)
        guard count <= UInt64(WireLimits.headers) else {
            throw .tooMany("headers", got: Int(clamping: count), limit: WireLimits.headers)
        }
        return count
    }
}

/// The body of a block, with the name of the block.
public struct NamedBody: Hashable, Sendable {
    /// The block's hash.
    public var hash: Hash32
    /// The block's transactions.
    public var transactions: [Transaction]

    /// Puts the two together.
    public init(hash: Hash32, transactions: [Transaction]) {
        self.hash = hash
        self.transactions = transactions
    }
}

/// The answer to a `SyncRequest`. What the answerer does not have is left out; the order is that of the request.
public enum SyncAnswer: Hashable, Sendable {
    /// Headers, ascending.
    case headers([BlockHeader])
    /// Bodies.
    case bodies([NamedBody])
    /// Blocks.
    case blocks([Block])

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        switch self {
        case .headers(let headers): Wire.message(1, encodedItems: headers.map { $0.rlpEncoded() })
        case .bodies(let bodies):
            Wire.message(
                3,
                encodedItems: bodies.map {
                    RLP.encode(.list([.hash($0.hash), .list($0.transactions.map(\.rlpItem))]))
                })
        case .blocks(let blocks): Wire.message(4, encodedItems: blocks.map { $0.rlpEncoded() })
        }
    }

    /// Decodes exactly one answer.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        let (kind, fields) = try WireReader.message(bytes)
        let list = try WireReader.single(fields)
        switch kind {
        case 1:
            var headers: [BlockHeader] = []
            for part in try WireReader.parts(list, "headers", limit: WireLimits.headers) {
                headers.append(try WireReader.header(part))
            }
            self = .headers(headers)
        case 3:
            var bodies: [NamedBody] = []
            for part in try WireReader.parts(list, "bodies", limit: WireLimits.bodies) {
                let fields = try WireReader.parts(part, count: 2)
                bodies.append(
                    NamedBody(
                        hash: try WireReader.hash(fields[0]), transactions: try WireReader.transactions(fields[1])))
            }
            self = .bodies(bodies)
        case 4:
            var blocks: [Block] = []
            for part in try WireReader.parts(list, "blocks", limit: WireLimits.bodies) {
                blocks.append(try WireReader.block(part))
            }
            self = .blocks(blocks)
        default: throw .kind(kind)
        }
    }
}
