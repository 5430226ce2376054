extension UInt256 {
    /// Zero bits above the highest one bit, 0...256.
    @inlinable
    public var leadingZeroBitCount: Int {
        if l3 != 0 { return l3.leadingZeroBitCount }
        if l2 != 0 { return 64 + l2.leadingZeroBitCount }
        if l1 != 0 { return 128 + l1.leadingZeroBitCount }
        return 192 + l0.leadingZeroBitCount
    }

    /// Zero bits below the lowest one bit, 0...256.
    @inlinable
    public var trailingZeroBitCount: Int {
        if l0 != 0 { return l0.trailingZeroBitCount }
        if l1 != 0 { return 64 + l1.trailingZeroBitCount }
        if l2 != 0 { return 128 + l2.trailingZeroBitCount }
        return 192 + l3.trailingZeroBitCount
    }

    /// Bits needed to write the value, 0 for 0, at most 256.
    @inlinable public var significantBits: Int { 256 - leadingZeroBitCount }

    /// The value times 2^count modulo 2^256: 0 from 256 on; a negative count shifts right.
    @inlinable
    public static func << (value: UInt256, count: Int) -> UInt256 {
        guard count >= 0 else { return count <= -256 ? .zero : value >> -count }
        guard count < 256 else { return .zero }
        let bits = UInt64(truncatingIfNeeded: count & 63)
        let v = (value.l0, value.l1, value.l2, value.l3)
        let s0 = v.0 &<< bits
        let s1 = v.1 &<< bits | spill(v.0, bits)
        let s2 = v.2 &<< bits | spill(v.1, bits)
        let s3 = v.3 &<< bits | spill(v.2, bits)
        switch count >> 6 {
        case 0: return UInt256(s0, s1, s2, s3)
        case 1: return UInt256(0, s0, s1, s2)
        case 2: return UInt256(0, 0, s0, s1)
        default: return UInt256(0, 0, 0, s0)
        }
    }

    /// The value divided by 2^count, rounded down: 0 from 256 on; a negative count shifts left.
    @inlinable
    public static func >> (value: UInt256, count: Int) -> UInt256 {
        guard count >= 0 else { return count <= -256 ? .zero : value << -count }
        guard count < 256 else { return .zero }
        let bits = UInt64(truncatingIfNeeded: count & 63)
        let v = (value.l0, value.l1, value.l2, value.l3)
        let s3 = v.3 &>> bits
        let s2 = v.2 &>> bits | fill(v.3, bits)
        let s1 = v.1 &>> bits | fill(v.2, bits)
        let s0 = v.0 &>> bits | fill(v.1, bits)
        switch count >> 6 {
        case 0: return UInt256(s0, s1, s2, s3)
        case 1: return UInt256(s1, s2, s3, 0)
        case 2: return UInt256(s2, s3, 0, 0)
        default: return UInt256(s3, 0, 0, 0)
        }
    }

    /// Bits of `word` that a left shift by `bits` (0..<64) moves into the next limb; none for 0.
    @inlinable @inline(__always)
    static func spill(_ word: UInt64, _ bits: UInt64) -> UInt64 { (word &>> 1) &>> (63 &- bits) }

    /// Bits of `word` that a right shift by `bits` (0..<64) moves into the limb below; none for 0.
    @inlinable @inline(__always)
    static func fill(_ word: UInt64, _ bits: UInt64) -> UInt64 { (word &<< 1) &<< (63 &- bits) }

    /// Bitwise and.
    @inlinable @inline(__always)
    public static func & (a: UInt256, b: UInt256) -> UInt256 {
        UInt256(a.l0 & b.l0, a.l1 & b.l1, a.l2 & b.l2, a.l3 & b.l3)
    }

    /// Bitwise or.
    @inlinable @inline(__always)
    public static func | (a: UInt256, b: UInt256) -> UInt256 {
        UInt256(a.l0 | b.l0, a.l1 | b.l1, a.l2 | b.l2, a.l3 | b.l3)
    }

    /// Bitwise exclusive or.
    @inlinable @inline(__always)
    public static func ^ (a: UInt256, b: UInt256) -> UInt256 {
        UInt256(a.l0 ^ b.l0, a.l1 ^ b.l1, a.l2 ^ b.l2, a.l3 ^ b.l3)
    }

    /// Bitwise complement: 2^256 - 1 - value.
    @inlinable @inline(__always)
    public static prefix func ~ (a: UInt256) -> UInt256 { UInt256(~a.l0, ~a.l1, ~a.l2, ~a.l3) }
}
