/// An unsigned integer of 256 bits in four 64-bit limbs, least significant first.
///
/// Operations are total: those that can overflow report it or wrap, division by zero is nil (or, for the plain spelling,
/// documented as a precondition). Numbers from outside belong into the checked forms.
@frozen
public struct UInt256: Hashable, Comparable, Sendable, BitwiseCopyable {
    @usableFromInline var l0: UInt64
    @usableFromInline var l1: UInt64
    @usableFromInline var l2: UInt64
    @usableFromInline var l3: UInt64

    @inlinable @inline(__always)
    init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
        self.l0 = l0
        self.l1 = l1
        self.l2 = l2
        self.l3 = l3
    }

    /// The value of `value`.
    @inlinable
    public init(_ value: UInt64) { self.init(value, 0, 0, 0) }

    /// Limbs, least significant first.
    @inlinable @inline(__always)
    public init(limbs: (UInt64, UInt64, UInt64, UInt64)) { self.init(limbs.0, limbs.1, limbs.2, limbs.3) }

    /// Limbs, least significant first.
    @inlinable @inline(__always)
    public var limbs: (UInt64, UInt64, UInt64, UInt64) { (l0, l1, l2, l3) }

    /// 0.
    @inlinable public static var zero: UInt256 { UInt256(0, 0, 0, 0) }
    /// 1.
    @inlinable public static var one: UInt256 { UInt256(1, 0, 0, 0) }
    /// 2^256 - 1.
    @inlinable public static var max: UInt256 { UInt256(.max, .max, .max, .max) }

    /// Whether the value is 0.
    @inlinable @inline(__always) public var isZero: Bool { l0 | l1 | l2 | l3 == 0 }

    /// The value as 64 bits, nil if it needs more.
    @inlinable @inline(__always) public var asUInt64: UInt64? { l1 | l2 | l3 == 0 ? l0 : nil }

    /// Numeric order.
    @inlinable
    public static func < (left: UInt256, right: UInt256) -> Bool {
        left.subtractingReportingOverflow(right).overflow
    }
}

extension UInt256: ExpressibleByIntegerLiteral {
    /// A literal of at most 64 bits.
    @inlinable
    public init(integerLiteral value: UInt64) { self.init(value) }
}
