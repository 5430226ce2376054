/// A 20-byte account address. Ordered lexicographically by bytes.
@frozen
public struct Address: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    // Bytes 0-7, 8-15 and 16-19 as they lie in memory.
    @usableFromInline let word0: UInt64
    @usableFromInline let word1: UInt64
    @usableFromInline let word2: UInt32

    @inlinable
    init(memoryWords word0: UInt64, _ word1: UInt64, _ word2: UInt32) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
    }

    /// Exactly 20 bytes; nil for any other count.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(memoryWords: words.0, words.1, words.2)
    }

    /// The last 20 bytes of `hash`: the address of the public key, or of the word on the EVM stack, it stands for.
    public init(lastBytesOf hash: Hash32) {
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        hash.withUnsafeBytes { bytes in
            Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes[12...]) }
        }
        self.init(memoryWords: words.0, words.1, words.2)
    }

    /// 40 hex digits with or without `0x`. Digits all of one case are taken as they are; mixed case must be the EIP-55
    /// checksum.
    /// - Throws: `AddressError`, which for a failed checksum names the right spelling.
    public init(parsing text: String) throws(AddressError) {
        let digits = Hex.withoutPrefix(Array(text.utf8))
        guard digits.count == 40 else { throw .wrongLength(digits: digits.count) }
        let bytes: [UInt8]
        do {
            bytes = try Hex.decode(String(decoding: digits, as: UTF8.self))
        } catch .invalidDigit(let offset) {
            throw .invalidDigit(offset: offset)
        } catch {
            throw .wrongLength(digits: digits.count)
        }
        guard let address = Address(bytes) else { throw .wrongLength(digits: digits.count) }
        let isMixed = digits.contains { $0 >= 0x61 } && digits.contains { (0x41...0x46).contains($0) }
        if isMixed, !address.checksumDigits.elementsEqual(digits) {
            throw .wrongChecksum(expected: address.checksummed)
        }
        self = address
    }

    /// 20 zero bytes.
    @inlinable public static var zero: Address { Address(memoryWords: 0, 0, 0) }

    /// The 20 bytes in order.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Calls `body` with the 20 bytes in order; the buffer is valid during the call only.
    @inlinable
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Swift.withUnsafeBytes(of: self, body)
    }

    /// 40 lower-case digits without a prefix.
    public var hex: String { Hex.encode(bytes) }

    /// `0x` and 40 digits whose case carries the EIP-55 checksum.
    public var checksummed: String { "0x" + String(decoding: checksumDigits, as: UTF8.self) }

    /// The same as `checksummed`.
    public var description: String { checksummed }

    /// EIP-55: a letter is upper case where the matching digit of Keccak-256 of the lower-case text is 8 or more.
    private var checksumDigits: [UInt8] {
        let lower = Array(hex.utf8)
        let pattern = Keccak256.hash(lower).bytes.flatMap { [$0 >> 4, $0 & 15] }
        return zip(lower, pattern).map { digit, nibble in digit >= 0x61 && nibble >= 8 ? digit - 0x20 : digit }
    }

    /// Lexicographic order of the bytes.
    @inlinable
    public static func < (left: Address, right: Address) -> Bool {
        if left.word0 != right.word0 { return left.word0.bigEndian < right.word0.bigEndian }
        if left.word1 != right.word1 { return left.word1.bigEndian < right.word1.bigEndian }
        return left.word2.bigEndian < right.word2.bigEndian
    }
}
