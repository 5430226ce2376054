extension UInt256 {
    /// The full 512-bit product: high * 2^256 + low.
    @inlinable
    public func multipliedFullWidth(by other: UInt256) -> (high: UInt256, low: UInt256) {
        var row = Self.multiply(self, by: other.l0)
        let r0 = row.low
        var sum = row.high

        row = Self.multiply(self, by: other.l1, adding: sum)
        let r1 = row.low
        sum = row.high

        row = Self.multiply(self, by: other.l2, adding: sum)
        let r2 = row.low
        sum = row.high

        row = Self.multiply(self, by: other.l3, adding: sum)
        return (row.high, UInt256(r0, r1, r2, row.low))
    }

    /// The product modulo 2^256, and whether it is too large for 256 bits.
    @inlinable
    public func multipliedReportingOverflow(by other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let (high, low) = multipliedFullWidth(by: other)
        return (low, !high.isZero)
    }

    /// The product modulo 2^256.
    @inlinable @inline(__always)
    public static func &* (left: UInt256, right: UInt256) -> UInt256 {
        // Columns of weight 0...3 only.
        let (h00, r0) = left.l0.multipliedFullWidth(by: right.l0)
        let (a1, t1) = multiplyAdd(left.l1, right.l0, h00, 0)
        let (a2, t2) = multiplyAdd(left.l2, right.l0, a1, 0)
        let t3 = left.l3 &* right.l0 &+ a2
        let (b1, r1) = multiplyAdd(left.l0, right.l1, t1, 0)
        let (b2, u2) = multiplyAdd(left.l1, right.l1, t2, b1)
        let u3 = left.l2 &* right.l1 &+ t3 &+ b2
        let (c2, r2) = multiplyAdd(left.l0, right.l2, u2, 0)
        let v3 = left.l1 &* right.l2 &+ u3 &+ c2
        return UInt256(r0, r1, r2, left.l0 &* right.l3 &+ v3)
    }

    /// Multiplies modulo 2^256.
    @inlinable
    public static func &*= (left: inout UInt256, right: UInt256) { left = left &* right }

    /// This value to the power of `exponent`, modulo 2^256; 0 to the power of 0 is 1.
    public func power(_ exponent: UInt256) -> UInt256 {
        var result = UInt256.one
        var bit = exponent.significantBits
        while bit > 0 {
            bit -= 1
            result = result &* result
            if !((exponent >> bit).l0 & 1 == 0) { result = result &* self }
        }
        return result
    }

    /// a * b + c + d; the largest possible value just fits two words.
    @inlinable @inline(__always)
    static func multiplyAdd(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> (high: UInt64, low: UInt64) {
        let (high, low) = a.multipliedFullWidth(by: b)
        let (first, carry1) = low.addingReportingOverflow(c)
        let (sum, carry2) = first.addingReportingOverflow(d)
        return (high &+ (carry1 ? 1 : 0) &+ (carry2 ? 1 : 0), sum)
    }

    /// value * word + addend as a low word and the upper four; it always fits.
    @inlinable @inline(__always)
    static func multiply(
        _ value: UInt256, by word: UInt64, adding addend: UInt256 = .zero
    ) -> (high: UInt256, low: UInt64) {
        let (c0, r0) = multiplyAdd(value.l0, word, addend.l0, 0)
        let (c1, r1) = multiplyAdd(value.l1, word, addend.l1, c0)
        let (c2, r2) = multiplyAdd(value.l2, word, addend.l2, c1)
        let (c3, r3) = multiplyAdd(value.l3, word, addend.l3, c2)
        return (UInt256(r1, r2, r3, c3), r0)
    }
}
