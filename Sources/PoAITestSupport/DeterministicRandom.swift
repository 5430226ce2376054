import PoAIPrimitives

/// SplitMix64: the same numbers on every machine for the same seed, so that a failed randomized test can be repeated.
public struct DeterministicRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The sequence of `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0..<bound; the tiny bias does not matter for tests. `bound` is positive.
    public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// `count` random bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// −1 ..< 1 on a grid of 2⁻²³.
    public mutating func unit() -> Float { Float(Int64(next() >> 40) - 0x80_0000) / 0x80_0000 }

    /// 32 random bytes.
    public mutating func hash() -> Hash32 { Hash32(bytes(32)) ?? .zero }
}
