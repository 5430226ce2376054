extension BN254 {
    /// c0 + c1·i with i² = -1.
    package struct Fp2: Field {
        package var c0: Fp
        package var c1: Fp

        @inline(__always)
        package init(_ c0: Fp, _ c1: Fp) {
            self.c0 = c0
            self.c1 = c1
        }

        @inline(__always) package static var zero: Fp2 { Fp2(.zero, .zero) }
        @inline(__always) package static var one: Fp2 { Fp2(.one, .zero) }
        @inline(__always) package var isZero: Bool { c0.isZero && c1.isZero }

        @inline(__always) package static func + (a: Fp2, b: Fp2) -> Fp2 { Fp2(a.c0 + b.c0, a.c1 + b.c1) }
        @inline(__always) package static func - (a: Fp2, b: Fp2) -> Fp2 { Fp2(a.c0 - b.c0, a.c1 - b.c1) }
        @inline(__always) package static prefix func - (a: Fp2) -> Fp2 { Fp2(-a.c0, -a.c1) }

        @inline(never)
        package static func * (a: Fp2, b: Fp2) -> Fp2 {
            let low = a.c0 * b.c0
            let high = a.c1 * b.c1
            let all = Fp.unreducedSum(a.c0, a.c1) * Fp.unreducedSum(b.c0, b.c1)
            return Fp2(low - high, all - low - high)
        }

        @inline(never)
        package var squared: Fp2 {
            let product = c0 * c1
            return Fp2(Fp.unreducedSum(c0, c1) * (c0 - c1), product + product)
        }

        @inline(__always)
        static func * (a: Fp2, b: Fp) -> Fp2 { Fp2(a.c0 * b, a.c1 * b) }

        /// Times ξ = 9 + i, of which the next field has the cube root.
        @inline(__always)
        var timesXi: Fp2 {
            let eight = doubled.doubled.doubled
            return Fp2(eight.c0 + c0 - c1, eight.c1 + c1 + c0)
        }

        /// c0 - c1·i, which is self^p.
        @inline(__always)
        package var conjugate: Fp2 { Fp2(c0, -c1) }

        package var inverse: Fp2 {
            let norm = (c0 * c0 + c1 * c1).inverse
            return Fp2(c0 * norm, -(c1 * norm))
        }
    }
}
