/// Keccak-f[1600]: 24 rounds over 25 lanes of 64 bits, lane (x, y) at index x + 5y (FIPS 202, section 3).
///
/// Rounds go from the state to a scratch copy and back, so that no lane has to be saved before it is overwritten. Inside,
/// lanes 1, 2, 8, 12, 17 and 20 are kept complemented: with De Morgan's laws that leaves 8 complements per round in chi
/// instead of 25 (Keccak implementation overview, section 2.2, "lane complementing").
enum KeccakPermutation {
    typealias Lanes = UnsafeMutablePointer<UInt64>

    /// Permutes the 25 lanes at `state` in place; `scratch` has room for 25 lanes, its content is of no meaning.
    static func permute(_ state: Lanes, scratch: Lanes) {
        var constants = Self.constants
        complementLanes(state)
        withUnsafeBytes(of: &constants) { bytes in
            let constants = bytes.assumingMemoryBound(to: UInt64.self)
            var index = 0
            while index < 24 {
                round(from: state, to: scratch, constant: constants[index])
                round(from: scratch, to: state, constant: constants[index &+ 1])
                index &+= 2
            }
        }
        complementLanes(state)
    }

    @inline(__always)
    private static func complementLanes(_ a: Lanes) {
        (a[1], a[2], a[8], a[12], a[17], a[20]) = (~a[1], ~a[2], ~a[8], ~a[12], ~a[17], ~a[20])
    }

    /// One round. Theta is computed as five column corrections d0...d4; every output row then takes its five lanes
    /// through theta, rho and pi (the source lanes and rotations below are those two tables) and through chi.
    @inline(__always)
    private static func round(from a: Lanes, to e: Lanes, constant: UInt64) {
        let c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20]
        let c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21]
        let c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22]
        let c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23]
        let c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24]
        let d0 = c4 ^ rotate(c1, 1)
        let d1 = c0 ^ rotate(c2, 1)
        let d2 = c1 ^ rotate(c3, 1)
        let d3 = c2 ^ rotate(c4, 1)
        let d4 = c3 ^ rotate(c0, 1)

        let (b0, b1) = (a[0] ^ d0, rotate(a[6] ^ d1, 44))
        let (b2, b3, b4) = (rotate(a[12] ^ d2, 43), rotate(a[18] ^ d3, 21), rotate(a[24] ^ d4, 14))
        e[0] = b0 ^ (b1 | b2) ^ constant
        e[1] = b1 ^ (~b2 | b3)
        e[2] = b2 ^ (b3 & b4)
        e[3] = b3 ^ (b4 | b0)
        e[4] = b4 ^ (b0 & b1)

        let (g0, g1) = (rotate(a[3] ^ d3, 28), rotate(a[9] ^ d4, 20))
        let (g2, g3, g4) = (rotate(a[10] ^ d0, 3), rotate(a[16] ^ d1, 45), rotate(a[22] ^ d2, 61))
        e[5] = g0 ^ (g1 | g2)
        e[6] = g1 ^ (g2 & g3)
        e[7] = g2 ^ (g3 | ~g4)
        e[8] = g3 ^ (g4 | g0)
        e[9] = g4 ^ (g0 & g1)

        let (k0, k1) = (rotate(a[1] ^ d1, 1), rotate(a[7] ^ d2, 6))
        let (k2, k3, k4) = (rotate(a[13] ^ d3, 25), rotate(a[19] ^ d4, 8), rotate(a[20] ^ d0, 18))
        e[10] = k0 ^ (k1 | k2)
        e[11] = k1 ^ (k2 & k3)
        e[12] = k2 ^ (~k3 & k4)
        e[13] = ~k3 ^ (k4 | k0)
        e[14] = k4 ^ (k0 & k1)

        let (m0, m1) = (rotate(a[4] ^ d4, 27), rotate(a[5] ^ d0, 36))
        let (m2, m3, m4) = (rotate(a[11] ^ d1, 10), rotate(a[17] ^ d2, 15), rotate(a[23] ^ d3, 56))
        e[15] = m0 ^ (m1 & m2)
        e[16] = m1 ^ (m2 | m3)
        e[17] = m2 ^ (~m3 | m4)
        e[18] = ~m3 ^ (m4 & m0)
        e[19] = m4 ^ (m0 | m1)

        let (s0, s1) = (rotate(a[2] ^ d2, 62), rotate(a[8] ^ d3, 55))
        let (s2, s3, s4) = (rotate(a[14] ^ d4, 39), rotate(a[15] ^ d0, 41), rotate(a[21] ^ d1, 2))
        e[20] = s0 ^ (~s1 & s2)
        e[21] = ~s1 ^ (s2 | s3)
        e[22] = s2 ^ (s3 & s4)
        e[23] = s3 ^ (s4 | s0)
        e[24] = s4 ^ (s0 & s1)
    }

    @inline(__always)
    private static func rotate(_ lane: UInt64, _ count: UInt64) -> UInt64 {
        lane &<< count | lane &>> (64 &- count)
    }

    private typealias Four = (UInt64, UInt64, UInt64, UInt64)

    /// The iota constants of rounds 0...23.
    private static var constants: (Four, Four, Four, Four, Four, Four) {
        (
            (0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000),
            (0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009),
            (0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A),
            (0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003),
            (0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A),
            (0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008)
        )
    }
}
