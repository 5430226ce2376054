import PoAIPrimitives

/// Hashes of table keys under a seed that differs from run to run, so that nobody can choose keys that collide. Only the
/// speed of a table depends on them, never what it holds or the order in which it is read.
struct SeededHash {
    private let seed: UInt64

    init() { seed = UInt64.random(in: .min ... .max) }

    @inline(__always)
    private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low
    }

    /// Mixes four words and a number. The constants are the first fractional digits of π.
    @inline(__always)
    func callAsFunction(_ word: UInt256, _ number: UInt32) -> UInt64 {
        let limbs = word.limbs
        let first = fold(limbs.0 ^ 0x243f_6a88_85a3_08d3 ^ seed, limbs.1 ^ 0x1319_8a2e_0370_7344 &+ seed)
        let second = fold(limbs.2 ^ 0xa409_3822_299f_31d0 ^ seed, limbs.3 ^ 0x082e_fa98_ec4e_6c89 &+ seed)
        return fold(first ^ UInt64(number) ^ seed, second ^ 0x4528_21e6_38d0_1377)
    }
}
