import PoAIPrimitives

extension BN254 {
    /// Points over Fp; all are of order r or 1.
    package typealias G1 = Point<Fp>
    /// Points of the twist over Fp2, of which those of order r are the second group of the pairing.
    package typealias G2 = Point<Fp2>
}

extension BN254.Point where F == BN254.Fp {
    /// From coordinates below p of a point on the curve y² = x³ + 3; nil for any other.
    package init?(x: UInt256, y: UInt256) {
        guard let x = BN254.Fp(x), let y = BN254.Fp(y) else { return nil }
        self.init(x, y)
        guard isOnCurve(b: .one.tripled) else { return nil }
    }
}

extension BN254.Point where F == BN254.Fp2 {
    /// 3 / ξ: the twist is y² = x³ + 3 / ξ.
    package static var curveConstant: BN254.Fp2 {
        BN254.Fp2(
            BN254.Fp(0x3BF9_38E3_77B8_02A8, 0x020B_1B27_3633_535D, 0x26B7_EDF0_4975_5260, 0x2514_C632_4384_A86D),
            BN254.Fp(0x38E7_ECCC_D1DC_FF67, 0x65F0_B37D_93CE_0D3E, 0xD749_D0DD_22AC_00AA, 0x0141_B9CE_4A68_8D4D))
    }

    /// From coordinates below p of a point on the twist, of any order; nil for any other.
    package init?(x0: UInt256, x1: UInt256, y0: UInt256, y1: UInt256) {
        guard let x0 = BN254.Fp(x0), let x1 = BN254.Fp(x1), let y0 = BN254.Fp(y0), let y1 = BN254.Fp(y1) else {
            return nil
        }
        self.init(BN254.Fp2(x0, x1), BN254.Fp2(y0, y1))
        guard isOnCurve(b: Self.curveConstant) else { return nil }
    }

    /// The Frobenius map of the curve over Fp12, brought to the twist: multiplies points of order r by p.
    var frobenius: Self {
        Self(x.conjugate * BN254.FrobeniusConstants.first2, y.conjugate * BN254.FrobeniusConstants.first3)
    }

    /// `frobenius` twice.
    var frobeniusSquared: Self { Self(x * BN254.FrobeniusConstants.second2, -y) }

    /// Whether a point of the twist is of order r or 1: exactly for those (u+1)Q + ψ(uQ) + ψ²(uQ) = ψ³(2uQ) with ψ the
    /// Frobenius map (Dai, Lin, Zhao, Zhou, eprint 2022/348, section 5).
    package var isInSubgroup: Bool {
        let multiple = timesParameter
        let left = multiple.adding(self).adding(multiple.frobenius).adding(multiple.frobenius.frobenius)
        return left.equals(multiple.frobenius.frobenius.frobenius.doubled)
    }

    private var timesParameter: BN254.Jacobian<BN254.Fp2> {
        var result = BN254.Jacobian(self)
        for digit in BN254.parameterDigits.dropFirst() {
            result = result.doubled
            if digit != 0 { result = result.adding(digit > 0 ? self : -self) }
        }
        return result
    }
}

extension BN254.Jacobian where F == BN254.Fp2 {
    /// As of an affine point.
    var frobenius: Self {
        Self(
            x: x.conjugate * BN254.FrobeniusConstants.first2, y: y.conjugate * BN254.FrobeniusConstants.first3,
            z: z.conjugate)
    }
}
