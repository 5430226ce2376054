extension UInt256 {
    /// The sum modulo 2^256, and whether it is too large for 256 bits.
    @inlinable @inline(__always)
    public func addingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let (r0, c0) = Self.add(l0, other.l0, carry: 0)
        let (r1, c1) = Self.add(l1, other.l1, carry: c0)
        let (r2, c2) = Self.add(l2, other.l2, carry: c1)
        let (r3, c3) = Self.add(l3, other.l3, carry: c2)
        return (UInt256(r0, r1, r2, r3), c3 != 0)
    }

    /// The difference modulo 2^256, and whether it is negative.
    @inlinable @inline(__always)
    public func subtractingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let (r0, b0) = Self.subtract(l0, other.l0, borrow: 0)
        let (r1, b1) = Self.subtract(l1, other.l1, borrow: b0)
        let (r2, b2) = Self.subtract(l2, other.l2, borrow: b1)
        let (r3, b3) = Self.subtract(l3, other.l3, borrow: b2)
        return (UInt256(r0, r1, r2, r3), b3 != 0)
    }

    /// The sum modulo 2^256.
    @inlinable @inline(__always)
    public static func &+ (left: UInt256, right: UInt256) -> UInt256 {
        left.addingReportingOverflow(right).partialValue
    }

    /// The difference modulo 2^256.
    @inlinable @inline(__always)
    public static func &- (left: UInt256, right: UInt256) -> UInt256 {
        left.subtractingReportingOverflow(right).partialValue
    }

    /// Adds modulo 2^256.
    @inlinable
    public static func &+= (left: inout UInt256, right: UInt256) { left = left &+ right }

    /// Subtracts modulo 2^256.
    @inlinable
    public static func &-= (left: inout UInt256, right: UInt256) { left = left &- right }

    /// a + b + carry as a low word and a carry of 0 or 1.
    @inlinable @inline(__always)
    static func add(_ a: UInt64, _ b: UInt64, carry: UInt64) -> (UInt64, UInt64) {
        let (first, over1) = a.addingReportingOverflow(b)
        let (sum, over2) = first.addingReportingOverflow(carry)
        return (sum, over1 || over2 ? 1 : 0)
    }

    /// a - b - borrow as a low word and a borrow of 0 or 1.
    @inlinable @inline(__always)
    static func subtract(_ a: UInt64, _ b: UInt64, borrow: UInt64) -> (UInt64, UInt64) {
        let (first, under1) = a.subtractingReportingOverflow(b)
        let (difference, under2) = first.subtractingReportingOverflow(borrow)
        return (difference, under1 || under2 ? 1 : 0)
    }
}
