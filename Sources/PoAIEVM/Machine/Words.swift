import PoAIPrimitives

/// What instructions do with words. The first argument is the top of the stack.
///
/// Small ones become part of the interpreter's loop; the others stay out of it, to leave it its registers.
enum Word {
    // MARK: Arithmetic

    @inline(__always)
    static func add(_ a: UInt256, _ b: UInt256) -> UInt256 { a &+ b }

    @inline(__always)
    static func subtract(_ a: UInt256, _ b: UInt256) -> UInt256 { a &- b }

    @inline(__always)
    static func multiply(_ a: UInt256, _ b: UInt256) -> UInt256 { a &* b }

    /// 0 for a division by zero.
    @inline(never)
    static func divide(_ a: UInt256, _ b: UInt256) -> UInt256 {
        if let a = a.asUInt64, let b = b.asUInt64 { return b == 0 ? .zero : UInt256(a / b) }
        return a.divided(by: b)?.quotient ?? .zero
    }

    /// 0 for a division by zero.
    @inline(never)
    static func remainder(_ a: UInt256, _ b: UInt256) -> UInt256 {
        if let a = a.asUInt64, let b = b.asUInt64 { return b == 0 ? .zero : UInt256(a % b) }
        return a.divided(by: b)?.remainder ?? .zero
    }

    /// Rounds towards zero; -2²⁵⁵ / -1 stays -2²⁵⁵.
    @inline(never)
    static func divideSigned(_ a: UInt256, _ b: UInt256) -> UInt256 {
        let result = divide(a.magnitude, b.magnitude)
        return a.isNegative == b.isNegative ? result : result.negated
    }

    /// Has the sign of the dividend.
    @inline(never)
    static func remainderSigned(_ a: UInt256, _ b: UInt256) -> UInt256 {
        let result = remainder(a.magnitude, b.magnitude)
        return a.isNegative ? result.negated : result
    }

    /// 0 for a modulus of zero.
    @inline(never)
    static func addModulo(_ a: UInt256, _ b: UInt256, _ modulus: UInt256) -> UInt256 {
        a.adding(b, modulo: modulus) ?? .zero
    }

    /// 0 for a modulus of zero.
    @inline(never)
    static func multiplyModulo(_ a: UInt256, _ b: UInt256, _ modulus: UInt256) -> UInt256 {
        a.multiplied(by: b, modulo: modulus) ?? .zero
    }

    // MARK: Comparison

    @inline(__always)
    private static func word(_ condition: Bool) -> UInt256 { UInt256(condition ? 1 : 0) }

    @inline(__always)
    static func isLess(_ a: UInt256, _ b: UInt256) -> UInt256 { word(a.subtractingReportingOverflow(b).overflow) }

    @inline(__always)
    static func isGreater(_ a: UInt256, _ b: UInt256) -> UInt256 { isLess(b, a) }

    @inline(__always)
    static func isLessSigned(_ a: UInt256, _ b: UInt256) -> UInt256 { isLess(a.biased, b.biased) }

    @inline(__always)
    static func isGreaterSigned(_ a: UInt256, _ b: UInt256) -> UInt256 { isLess(b.biased, a.biased) }

    @inline(__always)
    static func isEqual(_ a: UInt256, _ b: UInt256) -> UInt256 { isZero(a ^ b) }

    @inline(__always)
    static func isZero(_ a: UInt256) -> UInt256 { word(a.isZero) }

    // MARK: Bits

    @inline(__always)
    static func and(_ a: UInt256, _ b: UInt256) -> UInt256 { a & b }

    @inline(__always)
    static func or(_ a: UInt256, _ b: UInt256) -> UInt256 { a | b }

    @inline(__always)
    static func xor(_ a: UInt256, _ b: UInt256) -> UInt256 { a ^ b }

    @inline(__always)
    static func not(_ a: UInt256) -> UInt256 { ~a }

    @inline(never)
    static func shiftLeft(_ count: UInt256, _ a: UInt256) -> UInt256 { a << count.clamped(to: 256) }

    @inline(never)
    static func shiftRight(_ count: UInt256, _ a: UInt256) -> UInt256 { a >> count.clamped(to: 256) }

    /// Fills with the sign.
    @inline(never)
    static func shiftRightSigned(_ count: UInt256, _ a: UInt256) -> UInt256 {
        a.shiftedRightSigned(count.clamped(to: 256))
    }

    /// Byte number `index` of `a`, from the highest.
    @inline(never)
    static func byte(_ index: UInt256, _ a: UInt256) -> UInt256 {
        guard let index = index.asUInt64, index < 32 else { return .zero }
        let (l0, l1, l2, l3) = a.limbs
        let limb = index < 8 ? l3 : index < 16 ? l2 : index < 24 ? l1 : l0
        return UInt256((limb &>> (56 &- 8 &* (index & 7))) & 0xff)
    }

    /// Byte number `index` of `a`, from the lowest, holds the sign.
    @inline(never)
    static func extendSign(_ index: UInt256, _ a: UInt256) -> UInt256 {
        guard let index = index.asUInt64, index < 31 else { return a }
        let shift = 248 &- 8 &* Int(truncatingIfNeeded: index)
        return (a << shift).shiftedRightSigned(shift)
    }
}

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

    // MARK: As two's complement

    @inline(__always) fileprivate var isNegative: Bool { Int64(bitPattern: limbs.3) < 0 }

    @inline(__always) fileprivate var negated: UInt256 { .zero &- self }

    @inline(__always) fileprivate var magnitude: UInt256 { isNegative ? negated : self }

    /// The number plus 2²⁵⁵, whose order is that of the signed numbers.
    @inline(__always) fileprivate var biased: UInt256 {
        let (l0, l1, l2, l3) = limbs
        return UInt256(limbs: (l0, l1, l2, l3 ^ 1 &<< 63))
    }

    @inline(__always)
    fileprivate func shiftedRightSigned(_ count: Int) -> UInt256 {
        isNegative ? ~(~self >> count) : self >> count
    }
}
