import PoAIPrimitives

/// The pairing-friendly curve of EIP-196 and EIP-197 (alt_bn128), with u = 4965661367192848881:
/// p = 36u⁴ + 36u³ + 24u² + 6u + 1, order r = 36u⁴ + 36u³ + 18u² + 6u + 1.
package enum BN254 {
    /// u.
    package static let parameter: UInt64 = 4_965_661_367_192_848_881
    /// r.
    package static let order = UInt256(
        limbs: (0x43E1_F593_F000_0001, 0x2833_E848_79B9_7091, 0xB850_45B6_8181_585D, 0x3064_4E72_E131_A029))
}

extension BN254 {
    /// An integer modulo p in Montgomery form: a · 2^256, always below p.
    package struct Fp: Hashable, Sendable, BitwiseCopyable {
        var l0: UInt64
        var l1: UInt64
        var l2: UInt64
        var l3: UInt64

        /// Limbs of the Montgomery form.
        @inline(__always)
        init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
            self.l0 = l0
            self.l1 = l1
            self.l2 = l2
            self.l3 = l3
        }

        /// `value` modulo p; nil when it is not below p.
        package init?(_ value: UInt256) {
            guard value < Self.modulus else { return nil }
            let limbs = value.limbs
            self = Fp(limbs.0, limbs.1, limbs.2, limbs.3) * .radixSquared
        }

        /// The number below p.
        package var value: UInt256 {
            let plain = self * Fp(1, 0, 0, 0)
            return UInt256(limbs: (plain.l0, plain.l1, plain.l2, plain.l3))
        }

        /// p.
        package static let modulus = UInt256(limbs: (p0, p1, p2, p3))
        @inline(__always) static var p0: UInt64 { 0x3C20_8C16_D87C_FD47 }
        @inline(__always) static var p1: UInt64 { 0x9781_6A91_6871_CA8D }
        @inline(__always) static var p2: UInt64 { 0xB850_45B6_8181_585D }
        @inline(__always) static var p3: UInt64 { 0x3064_4E72_E131_A029 }
        /// -1/p modulo 2^64.
        @inline(__always) private static var negativeInverse: UInt64 { 0x87D2_0782_E486_6389 }

        /// 0.
        @inline(__always) package static var zero: Fp { Fp(0, 0, 0, 0) }
        /// 1, that is 2^256 modulo p.
        @inline(__always) package static var one: Fp {
            Fp(0xD35D_438D_C58F_0D9D, 0x0A78_EB28_F5C7_0B3D, 0x666E_A36F_7879_462C, 0x0E0A_77C1_9A07_DF2F)
        }
        /// 2^512 modulo p.
        static var radixSquared: Fp {
            Fp(0xF32C_FC5B_538A_FA89, 0xB5E7_1911_D445_01FB, 0x47AB_1EFF_0A41_7FF6, 0x06D8_9F71_CAB8_351F)
        }

        /// Whether this is 0.
        @inline(__always) package var isZero: Bool { l0 | l1 | l2 | l3 == 0 }

        /// The sum.
        @inline(__always)
        package static func + (a: Fp, b: Fp) -> Fp { unreducedSum(a, b).reducedOnce }

        /// The difference.
        @inline(__always)
        package static func - (a: Fp, b: Fp) -> Fp {
            let (r0, b0) = subtract(a.l0, b.l0, 0)
            let (r1, b1) = subtract(a.l1, b.l1, b0)
            let (r2, b2) = subtract(a.l2, b.l2, b1)
            let (r3, b3) = subtract(a.l3, b.l3, b2)
            return Fp(r0, r1, r2, r3).adding(modulusIf: 0 &- b3)
        }

        /// The negative.
        @inline(__always)
        package static prefix func - (a: Fp) -> Fp { zero - a }

        /// The product, by Montgomery's method word by word. The factors may be unreduced sums, below 2p: then every
        /// partial sum is below 3p and fits four words, and the result before its one reduction is below 2p.
        @inline(__always)
        package static func * (a: Fp, b: Fp) -> Fp {
            var t = Fp(0, 0, 0, 0)
            t.accumulate(a, b.l0)
            t.accumulate(a, b.l1)
            t.accumulate(a, b.l2)
            t.accumulate(a, b.l3)
            return t.reducedOnce
        }

        /// (self + a · word + m · p) / 2^64 with the m that makes it whole.
        @inline(__always)
        private mutating func accumulate(_ a: Fp, _ word: UInt64) {
            var high: UInt64
            var carry: UInt64
            let low: UInt64
            (high, low) = Self.multiplyAdd(a.l0, word, l0, 0)
            let m = low &* Self.negativeInverse
            (carry, _) = Self.multiplyAdd(m, Self.p0, low, 0)
            (high, l1) = Self.multiplyAdd(a.l1, word, l1, high)
            (carry, l0) = Self.multiplyAdd(m, Self.p1, l1, carry)
            (high, l2) = Self.multiplyAdd(a.l2, word, l2, high)
            (carry, l1) = Self.multiplyAdd(m, Self.p2, l2, carry)
            (high, l3) = Self.multiplyAdd(a.l3, word, l3, high)
            (carry, l2) = Self.multiplyAdd(m, Self.p3, l3, carry)
            l3 = high &+ carry
        }

        /// The sum without reduction, below 2p: a factor of a product only.
        @inline(__always)
        static func unreducedSum(_ a: Fp, _ b: Fp) -> Fp {
            let (r0, c0) = add(a.l0, b.l0, 0)
            let (r1, c1) = add(a.l1, b.l1, c0)
            let (r2, c2) = add(a.l2, b.l2, c1)
            return Fp(r0, r1, r2, a.l3 &+ b.l3 &+ c2)
        }

        /// The same below p, for a value below 2p.
        @inline(__always)
        private var reducedOnce: Fp {
            let (r0, b0) = Self.subtract(l0, Self.p0, 0)
            let (r1, b1) = Self.subtract(l1, Self.p1, b0)
            let (r2, b2) = Self.subtract(l2, Self.p2, b1)
            let (r3, b3) = Self.subtract(l3, Self.p3, b2)
            let keep = 0 &- b3
            return Fp(
                r0 ^ ((r0 ^ l0) & keep), r1 ^ ((r1 ^ l1) & keep), r2 ^ ((r2 ^ l2) & keep), r3 ^ ((r3 ^ l3) & keep))
        }

        /// Plus p where `mask` is all ones, modulo 2^256.
        @inline(__always)
        private func adding(modulusIf mask: UInt64) -> Fp {
            let (r0, c0) = Self.add(l0, Self.p0 & mask, 0)
            let (r1, c1) = Self.add(l1, Self.p1 & mask, c0)
            let (r2, c2) = Self.add(l2, Self.p2 & mask, c1)
            return Fp(r0, r1, r2, l3 &+ (Self.p3 & mask) &+ c2)
        }

        @inline(__always)
        private static func multiplyAdd(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> (UInt64, UInt64) {
            let sum = UInt128(a) &* UInt128(b) &+ UInt128(c) &+ UInt128(d)
            return (UInt64(truncatingIfNeeded: sum &>> 64), UInt64(truncatingIfNeeded: sum))
        }

        @inline(__always)
        private static func add(_ a: UInt64, _ b: UInt64, _ carry: UInt64) -> (UInt64, UInt64) {
            let sum = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
            return (UInt64(truncatingIfNeeded: sum), UInt64(truncatingIfNeeded: sum &>> 64))
        }

        @inline(__always)
        private static func subtract(_ a: UInt64, _ b: UInt64, _ borrow: UInt64) -> (UInt64, UInt64) {
            let difference = UInt128(a) &- UInt128(b) &- UInt128(borrow)
            return (UInt64(truncatingIfNeeded: difference), UInt64(truncatingIfNeeded: difference &>> 64) & 1)
        }
    }
}
