extension BN254 {
    /// c0 + c1·v + c2·v² with v³ = ξ.
    package struct Fp6: Field {
        package var c0: Fp2
        package var c1: Fp2
        package var c2: Fp2

        @inline(__always)
        package init(_ c0: Fp2, _ c1: Fp2, _ c2: Fp2) {
            self.c0 = c0
            self.c1 = c1
            self.c2 = c2
        }

        package static var zero: Fp6 { Fp6(.zero, .zero, .zero) }
        package static var one: Fp6 { Fp6(.one, .zero, .zero) }
        package var isZero: Bool { c0.isZero && c1.isZero && c2.isZero }

        @inline(__always)
        package static func + (a: Fp6, b: Fp6) -> Fp6 { Fp6(a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2) }
        @inline(__always)
        package static func - (a: Fp6, b: Fp6) -> Fp6 { Fp6(a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2) }
        @inline(__always)
        package static prefix func - (a: Fp6) -> Fp6 { Fp6(-a.c0, -a.c1, -a.c2) }

        @inline(never)
        package static func * (a: Fp6, b: Fp6) -> Fp6 {
            let p0 = a.c0 * b.c0
            let p1 = a.c1 * b.c1
            let p2 = a.c2 * b.c2
            let p12 = (a.c1 + a.c2) * (b.c1 + b.c2) - p1 - p2
            let p01 = (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1
            let p02 = (a.c0 + a.c2) * (b.c0 + b.c2) - p0 - p2
            return Fp6(p0 + p12.timesXi, p01 + p2.timesXi, p02 + p1)
        }

        /// Times b0 + b1·v.
        @inline(never)
        func times(_ b0: Fp2, _ b1: Fp2) -> Fp6 {
            let p0 = c0 * b0
            let p1 = c1 * b1
            let p01 = (c0 + c1) * (b0 + b1) - p0 - p1
            return Fp6(p0 + (c2 * b1).timesXi, p01, c2 * b0 + p1)
        }

        @inline(__always)
        static func * (a: Fp6, b: Fp2) -> Fp6 { Fp6(a.c0 * b, a.c1 * b, a.c2 * b) }

        /// Times v.
        @inline(__always)
        var timesV: Fp6 { Fp6(c2.timesXi, c0, c1) }

        package var inverse: Fp6 {
            let a = c0.squared - (c1 * c2).timesXi
            let b = c2.squared.timesXi - c0 * c1
            let c = c1.squared - c0 * c2
            let norm = (c0 * a + (c2 * b + c1 * c).timesXi).inverse
            return Fp6(a, b, c) * norm
        }
    }
}
