import PoAIPrimitives

/// The 2048-bit bloom filter over the logs of a block (Ethereum yellow paper, 4.3.1), 256 bytes on the wire.
///
/// Blocks without logs carry `LogsBloom.zero`, which shares one buffer among all headers.
public struct LogsBloom: Hashable, Sendable {
    /// Length of the filter in bytes.
    public static let byteCount = 256

    /// The filter with no bit set.
    public static let zero = LogsBloom(storage: [UInt8](repeating: 0, count: byteCount))

    /// The 256 bytes, in wire order.
    public private(set) var bytes: [UInt8]

    private init(storage: [UInt8]) {
        bytes = storage
    }

    /// Wraps the bytes of a filter.
    ///
    /// - Returns: nil unless there are exactly 256 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(storage: [UInt8](bytes))
    }

    /// Whether no bit is set.
    public var isZero: Bool {
        bytes.allSatisfy { $0 == 0 }
    }

    /// Sets the three bits of an address or topic.
    mutating func add(_ entry: UnsafeRawBufferPointer) {
        for bit in Self.bits(of: entry) { bytes[bit.byte] |= bit.mask }
    }

    /// Whether the three bits of an address or topic are set.
    func mayContain(_ entry: UnsafeRawBufferPointer) -> Bool {
        Self.bits(of: entry).allSatisfy { bytes[$0.byte] & $0.mask != 0 }
    }

    /// Enters all that another filter holds.
    public mutating func formUnion(_ other: LogsBloom) {
        for index in bytes.indices { bytes[index] |= other.bytes[index] }
    }

    /// The low 11 bits of each of the first three pairs of bytes of the hash number a bit, counted from the last byte's
    /// lowest.
    private static func bits(of entry: UnsafeRawBufferPointer) -> [(byte: Int, mask: UInt8)] {
        let digest = Keccak256.hash(entry)
        return digest.withUnsafeBytes { hash in
            [0, 2, 4].map { index in
                let bit = (Int(hash[index]) << 8 | Int(hash[index + 1])) & 0x7ff
                return (byteCount - 1 - bit / 8, 1 << UInt8(truncatingIfNeeded: bit % 8))
            }
        }
    }
}
