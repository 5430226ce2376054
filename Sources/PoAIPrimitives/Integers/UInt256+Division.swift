extension UInt256 {
    /// Quotient and remainder, nil if `divisor` is 0.
    public func divided(by divisor: UInt256) -> (quotient: UInt256, remainder: UInt256)? {
        if divisor.isZero { return nil }
        if self < divisor { return (.zero, self) }
        if let small = divisor.asUInt64 {
            let (quotient, remainder) = dividedByWord(small)
            return (quotient, UInt256(remainder))
        }
        let (quotient, remainder) = Self.divideWide(high: .zero, low: self, by: divisor)
        return (quotient.low, remainder)
    }

    /// Quotient and remainder.
    /// - Precondition: `divisor` is not 0. For a divisor from outside use `divided(by:)`.
    public func quotientAndRemainder(dividingBy divisor: UInt256) -> (quotient: UInt256, remainder: UInt256) {
        guard let result = divided(by: divisor) else { preconditionFailure("UInt256 division by zero") }
        return result
    }

    /// Divides high * 2^256 + low by this value; nil if this value is 0 or the quotient needs more than 256 bits, that is
    /// if `high` is not less than this value.
    public func dividingFullWidth(
        _ dividend: (high: UInt256, low: UInt256)
    ) -> (quotient: UInt256, remainder: UInt256)? {
        guard dividend.high < self else { return nil }
        let (quotient, remainder) = Self.divideWide(high: dividend.high, low: dividend.low, by: self)
        return (quotient.low, remainder)
    }

    /// (self + other) mod `modulus` without overflow, nil if `modulus` is 0.
    public func adding(_ other: UInt256, modulo modulus: UInt256) -> UInt256? {
        if modulus.isZero { return nil }
        let (sum, overflow) = addingReportingOverflow(other)
        return Self.divideWide(high: overflow ? .one : .zero, low: sum, by: modulus).remainder
    }

    /// (self * other) mod `modulus` over the full 512-bit product, nil if `modulus` is 0.
    public func multiplied(by other: UInt256, modulo modulus: UInt256) -> UInt256? {
        if modulus.isZero { return nil }
        let (high, low) = multipliedFullWidth(by: other)
        return Self.divideWide(high: high, low: low, by: modulus).remainder
    }

    /// Quotient and remainder by one word, which must not be 0.
    func dividedByWord(_ divisor: UInt64) -> (quotient: UInt256, remainder: UInt64) {
        // Each remainder is less than the divisor, so no quotient word overflows.
        let (q3, m3) = l3.quotientAndRemainder(dividingBy: divisor)
        let (q2, m2) = divisor.dividingFullWidth((m3, l2))
        let (q1, m1) = divisor.dividingFullWidth((m2, l1))
        let (q0, m0) = divisor.dividingFullWidth((m1, l0))
        return (UInt256(q0, q1, q2, q3), m0)
    }
}
