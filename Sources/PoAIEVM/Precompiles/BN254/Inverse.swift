extension BN254.Fp: BN254.Field {
    /// 1 / self; 0 for 0. By division steps, 62 at a time on the lowest words (Bernstein, Yang 2019); the time depends on
    /// the value.
    package var inverse: BN254.Fp {
        var (f, g) = (SignedWords(.modulusLimbs), SignedWords(self))
        var (d, e) = (SignedWords.zero, SignedWords.one)
        var eta: Int64 = -1
        // 12 · 62 steps are more than any number of 256 bits takes.
        for _ in 0..<12 where !g.isZero {
            let steps = DivisionSteps(f.low, g.low, eta: &eta)
            SignedWords.updateExactly(&f, &g, steps)
            SignedWords.updateModulo(&d, &e, steps)
        }
        // d · self = f = ±1 here, with d between -2p and p: x · 2^256 became 1 / (x · 2^256).
        return d.reduced(isNegated: f.isNegative) * .radixSquared * .radixSquared
    }

    /// p as plain limbs, no residue.
    fileprivate static var modulusLimbs: BN254.Fp { BN254.Fp(p0, p1, p2, p3) }
}

/// The matrix, times 2^62, that 62 division steps make of the lowest words of f and g.
private struct DivisionSteps {
    var u: Int64 = 1
    var v: Int64 = 0
    var q: Int64 = 0
    var r: Int64 = 1

    @inline(__always)
    init(_ low: UInt64, _ other: UInt64, eta: inout Int64) {
        var (f, g, left) = (low, other, Int64(62))
        while true {
            let zeros = Int64((g | (UInt64.max &<< UInt64(left))).trailingZeroBitCount)
            g = g &>> UInt64(zeros)
            u = u &<< zeros
            v = v &<< zeros
            eta = eta &- zeros
            left = left &- zeros
            if left == 0 { return }
            if eta < 0 {
                eta = 0 &- eta
                (f, g) = (g, 0 &- f)
                (u, q) = (q, 0 &- u)
                (v, r) = (r, 0 &- v)
            }
            // As many low bits of g as the next steps have no swap become zeros, at most 6.
            let count = min(eta &+ 1, left)
            let mask = (UInt64.max &>> UInt64(64 &- count)) & 63
            let factor = (f &* g &* (f &* f &- 2)) & mask
            g = g &+ f &* factor
            q = q &+ u &* Int64(truncatingIfNeeded: factor)
            r = r &+ v &* Int64(truncatingIfNeeded: factor)
        }
    }
}

/// A signed number in words of 62 bits, the last with the sign.
private struct SignedWords: BitwiseCopyable {
    private var w0, w1, w2, w3, w4: Int64

    static var zero: SignedWords { SignedWords(0, 0, 0, 0, 0) }
    static var one: SignedWords { SignedWords(1, 0, 0, 0, 0) }

    private static var mask: Int64 { (1 << 62) - 1 }
    /// 1/p modulo 2^62.
    private static var inverseModulus: Int64 { 0x382D_F87D_1B79_9C77 }

    private init(_ w0: Int64, _ w1: Int64, _ w2: Int64, _ w3: Int64, _ w4: Int64) {
        (self.w0, self.w1, self.w2, self.w3, self.w4) = (w0, w1, w2, w3, w4)
    }

    /// Of the limbs as they are.
    init(_ limbs: BN254.Fp) {
        func word(_ low: UInt64) -> Int64 { Int64(truncatingIfNeeded: low) & Self.mask }
        self.init(
            word(limbs.l0), word(limbs.l0 >> 62 | limbs.l1 << 2), word(limbs.l1 >> 60 | limbs.l2 << 4),
            word(limbs.l2 >> 58 | limbs.l3 << 6), word(limbs.l3 >> 56))
    }

    var low: UInt64 { UInt64(truncatingIfNeeded: w0) }
    var isZero: Bool { w0 | w1 | w2 | w3 | w4 == 0 }
    var isNegative: Bool { w4 < 0 }

    /// (f, g) becomes the matrix times (f, g), which 2^62 divides.
    @inline(__always)
    static func updateExactly(_ f: inout SignedWords, _ g: inout SignedWords, _ steps: DivisionSteps) {
        let (first, second) = (f, g)
        f = combine(first, steps.u, second, steps.v, modulusTimes: 0)
        g = combine(first, steps.q, second, steps.r, modulusTimes: 0)
    }

    /// (d, e) becomes the matrix times (d, e) / 2^62 modulo p; both stay between -2p and p.
    @inline(__always)
    static func updateModulo(_ d: inout SignedWords, _ e: inout SignedWords, _ steps: DivisionSteps) {
        let (first, second) = (d, e)
        d = combineModulo(first, steps.u, second, steps.v)
        e = combineModulo(first, steps.q, second, steps.r)
    }

    @inline(__always)
    private static func combineModulo(
        _ a: SignedWords, _ x: Int64, _ b: SignedWords, _ y: Int64
    ) -> SignedWords {
        // One p for each negative one, then what makes the lowest word 0.
        let whole = (x & (a.w4 &>> 63)) &+ (y & (b.w4 &>> 63))
        let lowest = x &* a.w0 &+ y &* b.w0
        return combine(a, x, b, y, modulusTimes: whole &- ((inverseModulus &* lowest &+ whole) & mask))
    }

    /// (a · x + b · y + p · n) / 2^62 without the lowest word's rest, which is 0.
    @inline(__always)
    private static func combine(
        _ a: SignedWords, _ x: Int64, _ b: SignedWords, _ y: Int64, modulusTimes n: Int64
    ) -> SignedWords {
        let p = SignedWords(.modulusLimbs)
        var sum = wide(a.w0, x) &+ wide(b.w0, y) &+ wide(p.w0, n)
        func next(_ aw: Int64, _ bw: Int64, _ pw: Int64) -> Int64 {
            sum = (sum &>> 62) &+ wide(aw, x) &+ wide(bw, y) &+ wide(pw, n)
            return Int64(truncatingIfNeeded: sum) & mask
        }
        let w0 = next(a.w1, b.w1, p.w1)
        let w1 = next(a.w2, b.w2, p.w2)
        let w2 = next(a.w3, b.w3, p.w3)
        let w3 = next(a.w4, b.w4, p.w4)
        return SignedWords(w0, w1, w2, w3, Int64(truncatingIfNeeded: sum &>> 62))
    }

    @inline(__always)
    private static func wide(_ a: Int64, _ b: Int64) -> Int128 { Int128(a) &* Int128(b) }

    /// This, or its negative, below p: of a number between -2p and p. As limbs, not in Montgomery form.
    func reduced(isNegated: Bool) -> BN254.Fp {
        let p = SignedWords(.modulusLimbs)
        var value = isNegative ? plus(p, times: 1) : self
        if isNegated { value = SignedWords.zero.plus(value, times: -1) }
        if value.isNegative { value = value.plus(p, times: 1) }
        return value.limbs
    }

    private func plus(_ other: SignedWords, times n: Int64) -> SignedWords {
        let s0 = w0 &+ n &* other.w0
        let s1 = w1 &+ n &* other.w1 &+ (s0 &>> 62)
        let s2 = w2 &+ n &* other.w2 &+ (s1 &>> 62)
        let s3 = w3 &+ n &* other.w3 &+ (s2 &>> 62)
        let s4 = w4 &+ n &* other.w4 &+ (s3 &>> 62)
        return SignedWords(s0 & Self.mask, s1 & Self.mask, s2 & Self.mask, s3 & Self.mask, s4)
    }

    /// Of a number from 0 to p - 1.
    private var limbs: BN254.Fp {
        let (u0, u1, u2) = (UInt64(bitPattern: w0), UInt64(bitPattern: w1), UInt64(bitPattern: w2))
        let (u3, u4) = (UInt64(bitPattern: w3), UInt64(bitPattern: w4))
        return BN254.Fp(u0 | u1 << 62, u1 >> 2 | u2 << 60, u2 >> 4 | u3 << 58, u3 >> 6 | u4 << 56)
    }
}
