extension BN254 {
    /// Whether the product of the pairings of `pairs` is 1. The second points are of order r or 1.
    package static func isProductOne(_ pairs: [(G1, G2)]) -> Bool {
        let isTrivial = pairs.allSatisfy { $0.0.isInfinity || $0.1.isInfinity }
        return isTrivial || pairing(pairs) == .one
    }

    /// The product of the pairings, each to the power of 2u(6u² + 3u + 1), which no factor of r divides.
    package static func pairing(_ pairs: [(G1, G2)]) -> Fp12 { finalExponentiation(millerLoop(pairs)) }

    /// 6u + 2 in digits -1, 0, 1, no two neighbours but 0; most significant first.
    static let loopDigits: [Int8] = signedDigits(UInt128(parameter) * 6 + 2)
    /// u in the same form.
    static let parameterDigits: [Int8] = signedDigits(UInt128(parameter))

    private static func signedDigits(_ value: UInt128) -> [Int8] {
        var digits: [Int8] = []
        var rest = value
        while rest > 0 {
            let digit: Int8 = rest & 1 == 0 ? 0 : (rest & 3 == 1 ? 1 : -1)
            digits.append(digit)
            rest = (rest &- UInt128(truncatingIfNeeded: digit)) >> 1
        }
        return digits.reversed()
    }

    /// The optimal ate pairings before the final exponentiation (Vercauteren 2010), all pairs in one loop: f = 6u + 2
    /// with lines through the multiples of Q, then the lines to π(Q) and -π²(Q).
    private static func millerLoop(_ pairs: [(G1, G2)]) -> Fp12 {
        var walks = pairs.filter { !$0.0.isInfinity && !$0.1.isInfinity }.map { MillerWalk($0.0, $0.1) }
        var f = Fp12.one
        guard !walks.isEmpty else { return f }
        for digit in loopDigits.dropFirst() {
            f = f.squared
            for index in walks.indices {
                walks[index].double(&f)
                if digit != 0 { walks[index].add(digit > 0 ? walks[index].q : -walks[index].q, &f) }
            }
        }
        for index in walks.indices {
            walks[index].add(walks[index].q.frobenius, &f)
            walks[index].add(-walks[index].q.frobeniusSquared, &f)
        }
        return f
    }

    /// f^((p¹² - 1) / r · 2u(6u² + 3u + 1)).
    private static func finalExponentiation(_ value: Fp12) -> Fp12 {
        let first = value.conjugate * value.inverse  // p⁶ - 1
        return hardPart(first.frobeniusSquared * first)  // p² + 1
    }

    /// To the power of (p⁴ - p² + 1) / r · 2u(6u² + 3u + 1), which in base p has the digits 12u³ + 12u² + 6u + 1,
    /// 12u³ + 6u² + 4u, 12u³ + 6u² + 6u, 12u³ + 6u² + 4u - 1 (Fuentes-Castañeda, Knapp, Rodríguez-Henríquez 2011).
    private static func hardPart(_ f: Fp12) -> Fp12 {
        let f2u = f.toTheParameter.cyclotomicSquare
        let f6u = f2u.cyclotomicSquare * f2u
        let f6uu = f6u.toTheParameter
        let f12uuu = f6uu.cyclotomicSquare.toTheParameter
        let third = f12uuu * f6uu * f6u
        let second = third * f2u.conjugate
        let first = third * f6uu * f
        let fourth = second * f.conjugate
        return first * second.frobenius * (third * fourth.frobenius).frobeniusSquared
    }
}

extension BN254.Fp12 {
    /// self^u, for what the easy part of the final exponentiation leaves.
    fileprivate var toTheParameter: BN254.Fp12 {
        let inverse = conjugate
        var result = self
        for digit in BN254.parameterDigits.dropFirst() {
            result = result.cyclotomicSquare
            if digit != 0 { result = result * (digit > 0 ? self : inverse) }
        }
        return result
    }

    /// The square of what the easy part of the final exponentiation leaves (Granger, Scott 2010): squares in three copies
    /// of Fp4 = Fp2[w³], whose elements are (c0.c0, c1.c1), (c1.c0, c0.c2), (c0.c1, c1.c2).
    package var cyclotomicSquare: BN254.Fp12 {
        let a = Self.quarticSquare(c0.c0, c1.c1)
        let b = Self.quarticSquare(c1.c0, c0.c2)
        let c = Self.quarticSquare(c0.c1, c1.c2)
        return BN254.Fp12(
            BN254.Fp6(
                a.0.tripled - c0.c0.doubled, b.0.tripled - c0.c1.doubled, c.0.tripled - c0.c2.doubled),
            BN254.Fp6(
                c.1.timesXi.tripled + c1.c0.doubled, a.1.tripled + c1.c1.doubled, b.1.tripled + c1.c2.doubled))
    }

    /// (a + b·s)² with s² = ξ.
    @inline(__always)
    private static func quarticSquare(_ a: BN254.Fp2, _ b: BN254.Fp2) -> (BN254.Fp2, BN254.Fp2) {
        let aa = a.squared
        let bb = b.squared
        return (aa + bb.timesXi, (a + b).squared - aa - bb)
    }
}
