/// A function from the bytes of a peer id or of another key to its point in the key space; in libp2p it is SHA-256.
public typealias KademliaHash = @Sendable ([UInt8]) -> KademliaKey

/// A point of the 256-bit key space, or the distance between two.
public struct KademliaKey: Hashable, Comparable, Sendable {
    /// The number of bits.
    public static let bitCount = 256

    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    /// Reads the first 32 bytes, big-endian; missing ones count as zero.
    public init(digest: [UInt8]) {
        first = Self.word(digest[...])
        second = Self.word(digest.dropFirst(8))
        third = Self.word(digest.dropFirst(16))
        fourth = Self.word(digest.dropFirst(24))
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        var shift: UInt64 = 64
        for byte in bytes.prefix(8) {
            shift -= 8
            word |= UInt64(byte) << shift
        }
        return word
    }

    /// The exclusive or, which orders points by how far from this one they are.
    public func distance(to other: Self) -> Self {
        var distance = self
        distance.first ^= other.first
        distance.second ^= other.second
        distance.third ^= other.third
        distance.fourth ^= other.fourth
        return distance
    }

    /// How many first bits are zero: 0 to 256.
    public var leadingZeroBitCount: Int {
        var count = 0
        for word in [first, second, third, fourth] {
            count += word.leadingZeroBitCount
            if word != 0 { break }
        }
        return count
    }

    /// How many first bits two points share: 0 to 256, more for closer ones.
    public func commonPrefixLength(with other: Self) -> Int { distance(to: other).leadingZeroBitCount }

    /// Orders as 256-bit numbers.
    public static func < (left: Self, right: Self) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        return left.fourth < right.fourth
    }
}
