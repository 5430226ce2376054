/// The 2048-bit bloom filter over the logs of a block (Ethereum yellow paper, 4.3.1), 256 bytes on the wire.
///
/// Blocks without logs carry `LogsBloom.zero`, which shares one buffer among all headers.
public struct LogsBloom: Hashable, Sendable {
    /// Length of the filter in bytes.
    public static let byteCount = 256

    /// The filter with no bit set.
    public static let zero = LogsBloom(storage: [UInt8](repeating: 0, count: byteCount))

    /// The 256 bytes, in wire order.
    public let bytes: [UInt8]

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
}
