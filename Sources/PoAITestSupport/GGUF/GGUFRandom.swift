/// SplitMix64: the same numbers from the same seed on every machine.
public struct GGUFRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator for one seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A float in `-scale ..< scale` on a grid of 2^-23 of `scale`.
    public mutating func float(scale: Float) -> Float {
        Float(Int64(next() >> 40) - 8_388_608) / 8_388_608 * scale
    }
}
