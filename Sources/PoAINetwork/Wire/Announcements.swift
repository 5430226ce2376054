import PoAIPrimitives
import PoAITypes

/// A message on the topic of blocks.
public enum BlockAnnouncement: Hashable, Sendable {
    /// A block whose encoding has at most `WireLimits.wholeBlock` bytes.
    case block(Block)
    /// The header of a larger one; its block is to be fetched from whoever sends this.
    case header(BlockHeader)

    /// The announcement of a block.
    public init(of block: Block) {
        self = block.rlpEncoded().count <= WireLimits.wholeBlock ? .block(block) : .header(block.header)
    }

    /// The announced header.
    public var header: BlockHeader {
        switch self {
        case .block(let block): block.header
        case .header(let header): header
        }
    }

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        switch self {
        case .block(let block): Wire.message(1, encodedItem: block.rlpEncoded())
        case .header(let header): Wire.message(2, encodedItem: header.rlpEncoded())
        }
    }

    /// Decodes exactly one announcement.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= WireLimits.blockMessage else {
            throw .tooMany("bytes", got: bytes.count, limit: WireLimits.blockMessage)
        }
        let (kind, fields) = try WireReader.message(bytes)
        let field = try WireReader.single(fields)
        switch kind {
        case 1:
            guard field.count <= WireLimits.wholeBlock else {
                throw .tooMany("bytes of a block", got: field.count, limit: WireLimits.wholeBlock)
            }
            self = .block(try WireReader.block(field))
        case 2: self = .header(try WireReader.header(field))
        default: throw .kind(kind)
        }
    }
}

extension Wire {
    /// A message whose one field is encoded already.
    static func message(_ kind: UInt64, encodedItem item: [UInt8]) -> [UInt8] {
        RLP.encode(listPayload: RLP.encode(.uint(kind)) + item)
    }
}

/// A message on the topic of transactions: what waits at the sender, 1 to 256 of them, each once.
public struct TransactionAnnouncement: Hashable, Sendable {
    /// One transaction.
    public struct Entry: Hashable, Sendable {
        /// Its hash.
        public var hash: Hash32
        /// Bytes of its envelope, at most `WireLimits.transaction`.
        public var size: Int

        /// Puts the two together.
        public init(hash: Hash32, size: Int) {
            self.hash = hash
            self.size = size
        }
    }

    /// The transactions.
    public var entries: [Entry]

    /// Announces `entries`.
    public init(_ entries: [Entry]) { self.entries = entries }

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        RLP.encode(
            .list(entries.map { .list([.hash($0.hash), .uint(UInt64(clamping: $0.size))]) }))
    }

    /// Decodes exactly one announcement.
    /// - Throws: `WireError`.
    public init(_ bytes: [UInt8]) throws(WireError) {
        entries = []
        for part in try WireReader.parts(bytes[...], "transactions", limit: WireLimits.transactions) {
            let fields = try WireReader.parts(part, count: 2)
            let size = try WireReader.uint64(fields[1])
            guard size >= 1, size <= UInt64(WireLimits.transaction) else { throw .value("size") }
            entries.append(Entry(hash: try WireReader.hash(fields[0]), size: Int(size)))
        }
        guard !entries.isEmpty, Set(entries.map(\.hash)).count == entries.count else { throw .value("transactions") }
    }
}
