/// The single records of the `meta` table.
enum Meta: String, Sendable {
    /// Table layout version, 8 bytes big-endian.
    case schema
    /// Network name, UTF-8.
    case network
    /// Hash of block 0.
    case genesis
    /// Hash of the consensus parameters.
    case parameters
    /// The chain spec, encoded by its owner.
    case specification
    /// Hash of the head block.
    case head
    /// Lowest height whose body and undo record are kept, 8 bytes big-endian; absent before the first pruning.
    case pruned

    private static let table = Table<Name, StoredBytes>(.meta)

    func get(in snapshot: Snapshot) throws(StorageError) -> [UInt8]? {
        try Self.table.get(Name(text: rawValue), in: snapshot)?.bytes
    }

    func put(_ bytes: [UInt8], in transaction: WriteTransaction) throws(StorageError) {
        try Self.table.put(Name(text: rawValue), StoredBytes(bytes), in: transaction)
    }
}

/// A record's name in the `meta` table.
struct Name: TableKey {
    let text: String
    var keyBytes: [UInt8] { Array(text.utf8) }
}

extension Name {
    init?(keyBytes: UnsafeRawBufferPointer) { text = String(decoding: keyBytes, as: UTF8.self) }
}

/// A value whose meaning is its user's.
public struct StoredBytes: TableValue, Hashable, Sendable {
    /// The bytes as stored.
    public let bytes: [UInt8]

    /// Wraps bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    /// Every byte sequence is a value.
    public init?(storedBytes: UnsafeRawBufferPointer) { bytes = Array(storedBytes) }
    /// The bytes.
    public var storedBytes: [UInt8] { bytes }
}

extension UInt64 {
    /// Eight bytes, most significant first: order of bytes is order of numbers.
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

    /// nil unless there are exactly eight bytes.
    init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 8 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
