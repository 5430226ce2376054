import PoAIPrimitives

// The arithmetic of instructions where that of `UInt256` does not fit as it is.
extension UInt256 {
    /// The 32 big-endian bytes at a place in memory.
    @inline(__always)
    init(bigEndianAt place: UnsafeRawPointer) {
        self.init(
            limbs: (
                place.loadUnaligned(fromByteOffset: 24, as: UInt64.self).bigEndian,
                place.loadUnaligned(fromByteOffset: 16, as: UInt64.self).bigEndian,
                place.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian,
                place.loadUnaligned(as: UInt64.self).bigEndian
            ))
    }

    /// Writes 32 big-endian bytes.
    @inline(__always)
    func storeBigEndian(at place: UnsafeMutableRawPointer) {
        let (l0, l1, l2, l3) = limbs
        place.storeBytes(of: l3.bigEndian, as: UInt64.self)
        place.storeBytes(of: l2.bigEndian, toByteOffset: 8, as: UInt64.self)
        place.storeBytes(of: l1.bigEndian, toByteOffset: 16, as: UInt64.self)
        place.storeBytes(of: l0.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// The number if it is at most `limit`, else `limit`.
    @inline(__always)
    func clamped(to limit: Int) -> Int {
        guard let small = asUInt64, small < UInt64(UInt(bitPattern: limit)) else { return limit }
        return Int(truncatingIfNeeded: small)
    }

    /// Whether it is below zero as two's complement.
    @inline(__always) var isNegative: Bool { Int64(bitPattern: limbs.3) < 0 }

    @inline(__always) var negated: UInt256 { .zero &- self }

    @inline(__always) var magnitude: UInt256 { isNegative ? negated : self }

    /// Order as two's complement.
    @inline(__always)
    func isBelow(signed other: UInt256) -> Bool {
        isNegative == other.isNegative ? self < other : isNegative
    }

    /// DIV; 0 for a division by zero.
    @inline(__always)
    func quotient(_ divisor: UInt256) -> UInt256 {
        if let a = asUInt64, let b = divisor.asUInt64 { return b == 0 ? .zero : UInt256(a / b) }
        return divided(by: divisor)?.quotient ?? .zero
    }

    /// MOD; 0 for a division by zero.
    @inline(__always)
    func remainder(_ divisor: UInt256) -> UInt256 {
        if let a = asUInt64, let b = divisor.asUInt64 { return b == 0 ? .zero : UInt256(a % b) }
        return divided(by: divisor)?.remainder ?? .zero
    }

    /// SDIV: rounds towards zero; -2²⁵⁵ / -1 stays -2²⁵⁵.
    func signedQuotient(_ divisor: UInt256) -> UInt256 {
        let result = magnitude.quotient(divisor.magnitude)
        return isNegative == divisor.isNegative ? result : result.negated
    }

    /// SMOD: has the sign of the dividend.
    func signedRemainder(_ divisor: UInt256) -> UInt256 {
        let result = magnitude.remainder(divisor.magnitude)
        return isNegative ? result.negated : result
    }

    /// SIGNEXTEND: byte number `index`, from the lowest, holds the sign.
    @inline(__always)
    func signExtended(from index: UInt256) -> UInt256 {
        guard let index = index.asUInt64, index < 31 else { return self }
        let shift = 248 &- 8 &* Int(truncatingIfNeeded: index)
        return (self << shift).shiftedRightSigned(shift)
    }

    /// BYTE: number `index` from the highest.
    @inline(__always)
    func byte(_ index: UInt256) -> UInt256 {
        guard let index = index.asUInt64, index < 32 else { return .zero }
        let (l0, l1, l2, l3) = limbs
        let limb = index < 8 ? l3 : index < 16 ? l2 : index < 24 ? l1 : l0
        return UInt256((limb &>> (56 &- 8 &* (index & 7))) & 0xff)
    }

    @inline(__always)
    func shiftedLeft(_ count: UInt256) -> UInt256 { self << count.clamped(to: 256) }

    @inline(__always)
    func shiftedRight(_ count: UInt256) -> UInt256 { self >> count.clamped(to: 256) }

    /// SAR.
    @inline(__always)
    func shiftedRightSigned(_ count: UInt256) -> UInt256 { shiftedRightSigned(count.clamped(to: 256)) }

    @inline(__always)
    private func shiftedRightSigned(_ count: Int) -> UInt256 {
        isNegative ? ~(~self >> count) : self >> count
    }
}
