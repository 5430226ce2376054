extension BN254 {
    /// The multiples of Q that Miller's loop passes, in homogeneous coordinates (x / z, y / z), and the lines there at P
    /// (Costello, Lange, Naehrig 2010). A line is a + b·w + c·w³ up to a factor of Fp2, which the final exponentiation
    /// makes 1. P and Q are not infinity, Q is of order r: no step meets infinity or a point with its own inverse.
    struct MillerWalk {
        let q: G2
        private let p: G1
        private var x: Fp2
        private var y: Fp2
        private var z: Fp2

        init(_ p: G1, _ q: G2) {
            self.p = p
            self.q = q
            (x, y, z) = (q.x, q.y, .one)
        }

        /// Doubles, and multiplies `f` by the tangent -2yz·P.y + 3x²·P.x·w + (3b'z² - y²)·w³.
        mutating func double(_ f: inout Fp12) {
            let yy = y.squared
            let zz = z.squared
            let bzz = (G2.curveConstant * zz).tripled
            let bzz3 = bzz.tripled
            let yz2 = (y + z).squared - yy - zz
            f.multiply(byLine: -yz2 * p.y, x.squared.tripled * p.x, bzz - yy)
            x = (x * y * (yy - bzz3)).doubled
            y = (yy + bzz3).squared - bzz.squared.doubled.doubled.tripled
            z = (yy * yz2).doubled.doubled
        }

        /// Adds `point`, and multiplies `f` by the line through both: l·P.y - o·P.x·w + (o·point.x - l·point.y)·w³ with
        /// slope o / l.
        mutating func add(_ point: G2, _ f: inout Fp12) {
            let o = y - point.y * z
            let l = x - point.x * z
            f.multiply(byLine: l * p.y, -o * p.x, o * point.x - l * point.y)
            let ll = l.squared
            let lll = ll * l
            let xll = x * ll
            let h = lll + z * o.squared - xll.doubled
            x = l * h
            y = o * (xll - h) - y * lll
            z = z * lll
        }
    }
}
