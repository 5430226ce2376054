import PoAIPrimitives

extension BN254 {
    /// What the fields of the tower have in common.
    package protocol Field: Hashable, Sendable, BitwiseCopyable {
        static var zero: Self { get }
        static var one: Self { get }
        var isZero: Bool { get }
        static func + (a: Self, b: Self) -> Self
        static func - (a: Self, b: Self) -> Self
        static prefix func - (a: Self) -> Self
        static func * (a: Self, b: Self) -> Self
        /// self · self.
        var squared: Self { get }
        /// 1 / self; 0 for 0.
        var inverse: Self { get }
    }
}

extension BN254.Field {
    @inline(__always) package var squared: Self { self * self }
    /// 2 · self.
    @inline(__always) package var doubled: Self { self + self }
    /// 3 · self.
    @inline(__always) package var tripled: Self { self + self + self }

    /// self to the power of `exponent`.
    package func power(_ exponent: UInt256) -> Self {
        var result = Self.one
        for bit in (0..<exponent.significantBits).reversed() {
            result = result.squared
            if (exponent >> bit).limbs.0 & 1 == 1 { result = result * self }
        }
        return result
    }
}
