/// 32 bytes: a Keccak-256 digest, a storage key, a root.
///
/// Stored inline and in memory order, so that `withUnsafeBytes` copies nothing. Ordered lexicographically by bytes, which
/// is the order of the big-endian integers.
@frozen
public struct Hash32: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    // Each word holds eight bytes as they lie in memory, whatever the byte order of the machine.
    @usableFromInline let word0: UInt64
    @usableFromInline let word1: UInt64
    @usableFromInline let word2: UInt64
    @usableFromInline let word3: UInt64

    @inlinable
    init(memoryWords word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Exactly 32 bytes; nil for any other count.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(memoryWords: words.0, words.1, words.2, words.3)
    }

    /// 64 hex digits of either case, with or without `0x`.
    /// - Throws: `HexError`, also when the text is valid hex of another length.
    public init(hex: String) throws(HexError) {
        let bytes = try Hex.decode(hex)
        guard let hash = Hash32(bytes) else { throw .wrongLength(expected: 32, got: bytes.count) }
        self = hash
    }

    /// 32 zero bytes.
    @inlinable public static var zero: Hash32 { Hash32(memoryWords: 0, 0, 0, 0) }

    /// The 32 bytes in order.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Calls `body` with the 32 bytes in order; the buffer is valid during the call only.
    @inlinable
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: self, body)
    }

    /// `0x` and 64 lower-case digits.
    public var hex: String { "0x" + Hex.encode(bytes) }

    /// The same as `hex`.
    public var description: String { hex }

    /// Lexicographic order of the bytes.
    @inlinable
    public static func < (left: Hash32, right: Hash32) -> Bool {
        if left.word0 != right.word0 { return left.word0.bigEndian < right.word0.bigEndian }
        if left.word1 != right.word1 { return left.word1.bigEndian < right.word1.bigEndian }
        if left.word2 != right.word2 { return left.word2.bigEndian < right.word2.bigEndian }
        return left.word3.bigEndian < right.word3.bigEndian
    }
}
