import PoAIPrimitives

extension BN254 {
    /// An affine point of y² = x³ + b, or the point at infinity, which is (0, 0) as in the precompiles' inputs: neither
    /// curve has another point there.
    package struct Point<F: Field>: Hashable, Sendable, BitwiseCopyable {
        package var x: F
        package var y: F

        /// Takes any coordinates.
        @inline(__always)
        package init(_ x: F, _ y: F) {
            self.x = x
            self.y = y
        }

        /// The neutral element.
        package static var infinity: Point { Point(.zero, .zero) }
        /// Whether this is the neutral element.
        package var isInfinity: Bool { x.isZero && y.isZero }
        /// The inverse in the group.
        package static prefix func - (point: Point) -> Point { Point(point.x, -point.y) }

        /// Whether this is infinity or on the curve with this `b`.
        package func isOnCurve(b: F) -> Bool { isInfinity || y.squared == x.squared * x + b }

        /// The group's operation.
        package static func + (p: Point, q: Point) -> Point {
            if p.isInfinity { return q }
            if q.isInfinity { return p }
            let slope: F
            if p.x != q.x {
                slope = (q.y - p.y) * (q.x - p.x).inverse
            } else if p.y == q.y, !p.y.isZero {
                slope = p.x.squared.tripled * p.y.doubled.inverse
            } else {
                return .infinity
            }
            let x = slope.squared - p.x - q.x
            return Point(x, slope * (p.x - x) - p.y)
        }

        /// `scalar` times this point, by windows of four bits.
        package func multiplied(by scalar: UInt256) -> Point {
            var table = [Jacobian<F>.infinity]
            for _ in 1..<16 { table.append(table[table.count - 1].adding(self)) }
            var result = Jacobian<F>.infinity
            for window in (0..<(scalar.significantBits + 3) / 4).reversed() {
                for _ in 0..<4 { result = result.doubled }
                result = result.adding(table[Int((scalar >> (4 * window)).limbs.0 & 15)])
            }
            return result.affine
        }
    }

    /// A point (x / z², y / z³); infinity where z is 0.
    struct Jacobian<F: Field>: Sendable, BitwiseCopyable {
        var x: F
        var y: F
        var z: F

        static var infinity: Jacobian { Jacobian(x: .one, y: .one, z: .zero) }

        init(x: F, y: F, z: F) {
            self.x = x
            self.y = y
            self.z = z
        }

        init(_ point: Point<F>) {
            self = point.isInfinity ? .infinity : Jacobian(x: point.x, y: point.y, z: .one)
        }

        var affine: Point<F> {
            let inverse = z.inverse  // 0 at infinity
            let square = inverse.squared
            return Point(x * square, y * square * inverse)
        }

        /// Twice this point; neither curve has a point of order 2.
        var doubled: Jacobian {
            let xx = x.squared
            let yy = y.squared
            let yyyy = yy.squared
            let s = ((x + yy).squared - xx - yyyy).doubled
            let m = xx.tripled
            let x3 = m.squared - s.doubled
            return Jacobian(x: x3, y: m * (s - x3) - yyyy.doubled.doubled.doubled, z: (y * z).doubled)
        }

        func adding(_ other: Jacobian) -> Jacobian {
            if z.isZero { return other }
            if other.z.isZero { return self }
            let z1z1 = z.squared
            let z2z2 = other.z.squared
            return adding(
                u1: x * z2z2, u2: other.x * z1z1, s1: y * other.z * z2z2, s2: other.y * z * z1z1, zz: z * other.z)
        }

        /// The same for an affine point, which is cheaper.
        func adding(_ point: Point<F>) -> Jacobian {
            if point.isInfinity { return self }
            if z.isZero { return Jacobian(point) }
            let z1z1 = z.squared
            return adding(u1: x, u2: point.x * z1z1, s1: y, s2: point.y * z * z1z1, zz: z)
        }

        /// Of points brought to the common denominator `zz`.
        @inline(__always)
        private func adding(u1: F, u2: F, s1: F, s2: F, zz: F) -> Jacobian {
            let h = u2 - u1
            let r = s2 - s1
            if h.isZero { return r.isZero ? doubled : .infinity }
            let hh = h.squared
            let hhh = hh * h
            let v = u1 * hh
            let x3 = r.squared - hhh - v.doubled
            return Jacobian(x: x3, y: r * (v - x3) - s1 * hhh, z: zz * h)
        }

        /// The same point, compared without inversion.
        func equals(_ other: Jacobian) -> Bool {
            if z.isZero || other.z.isZero { return z.isZero && other.z.isZero }
            let z1z1 = z.squared
            let z2z2 = other.z.squared
            return x * z2z2 == other.x * z1z1 && y * other.z * z2z2 == other.y * z * z1z1
        }
    }
}
