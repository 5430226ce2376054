import PoAIPrimitives

extension BN254 {
    /// c0 + c1·w with w² = v.
    package struct Fp12: Field {
        package var c0: Fp6
        package var c1: Fp6

        @inline(__always)
        package init(_ c0: Fp6, _ c1: Fp6) {
            self.c0 = c0
            self.c1 = c1
        }

        package static var zero: Fp12 { Fp12(.zero, .zero) }
        package static var one: Fp12 { Fp12(.one, .zero) }
        package var isZero: Bool { c0.isZero && c1.isZero }

        package static func + (a: Fp12, b: Fp12) -> Fp12 { Fp12(a.c0 + b.c0, a.c1 + b.c1) }
        package static func - (a: Fp12, b: Fp12) -> Fp12 { Fp12(a.c0 - b.c0, a.c1 - b.c1) }
        package static prefix func - (a: Fp12) -> Fp12 { Fp12(-a.c0, -a.c1) }

        @inline(never)
        package static func * (a: Fp12, b: Fp12) -> Fp12 {
            let low = a.c0 * b.c0
            let high = a.c1 * b.c1
            let all = (a.c0 + a.c1) * (b.c0 + b.c1)
            return Fp12(low + high.timesV, all - low - high)
        }

        @inline(never)
        package var squared: Fp12 {
            let product = c0 * c1
            let sum = (c0 + c1) * (c0 + c1.timesV)
            return Fp12(sum - product - product.timesV, product + product)
        }

        /// Times a line a + b·w + c·w³.
        @inline(never)
        mutating func multiply(byLine a: Fp2, _ b: Fp2, _ c: Fp2) {
            let low = c0 * a
            let high = c1.times(b, c)
            let all = (c0 + c1).times(a + b, c)
            c0 = low + high.timesV
            c1 = all - low - high
        }

        /// c0 - c1·w, which is self^(p⁶), and the inverse of what the easy part of the final exponentiation leaves.
        package var conjugate: Fp12 { Fp12(c0, -c1) }

        package var inverse: Fp12 {
            let norm = (c0.squared - c1.squared.timesV).inverse
            return Fp12(c0 * norm, -(c1 * norm))
        }

        /// self^p.
        package var frobenius: Fp12 {
            Fp12(
                Fp6(
                    c0.c0.conjugate, c0.c1.conjugate * FrobeniusConstants.first2,
                    c0.c2.conjugate * FrobeniusConstants.first4),
                Fp6(
                    c1.c0.conjugate * FrobeniusConstants.first1, c1.c1.conjugate * FrobeniusConstants.first3,
                    c1.c2.conjugate * FrobeniusConstants.first5))
        }

        /// self^(p²).
        package var frobeniusSquared: Fp12 {
            Fp12(
                Fp6(c0.c0, c0.c1 * FrobeniusConstants.second2, c0.c2 * FrobeniusConstants.second4),
                Fp6(
                    c1.c0 * FrobeniusConstants.second1, -c1.c1, c1.c2 * FrobeniusConstants.second5))
        }
    }

    /// w^k to the power of p is firstk · w^k, to the power of p² secondk · w^k: ξ^(k(p-1)/6) and ξ^(k(p²-1)/6), the third
    /// of which is -1.
    package enum FrobeniusConstants {
        package static var first1: Fp2 {
            Fp2(
                Fp(0xAF9B_A696_3314_4907, 0xCA6B_1D73_87AF_B78A, 0x11BD_ED5E_F08A_2087, 0x02F3_4D75_1A1F_3A7C),
                Fp(0xA222_AE23_4C49_2D72, 0xD00F_02A4_565D_E15B, 0xDC2F_F3A2_53DF_C926, 0x10A7_5716_B389_9551))
        }
        package static var first2: Fp2 {
            Fp2(
                Fp(0xB577_3B10_4563_AB30, 0x347F_91C8_A9AA_6454, 0x7A00_7127_242E_0991, 0x1956_BCD8_1182_14EC),
                Fp(0x6E84_9F1E_A0AA_4757, 0xAA1C_7B6D_89F8_9141, 0xB6E7_13CD_FAE0_CA3A, 0x2669_4FBB_4E82_EBC3))
        }
        package static var first3: Fp2 {
            Fp2(
                Fp(0xE4BB_DD0C_2936_B629, 0xBB30_F162_E133_BACB, 0x31A9_D1B6_F964_5366, 0x2535_70BE_A500_F8DD),
                Fp(0xA1D7_7CE4_5FFE_77C7, 0x07AF_FD11_7826_D1DB, 0x6D16_BD27_BB7E_DC6B, 0x2C87_2002_85DE_FECC))
        }
        package static var first4: Fp2 {
            Fp2(
                Fp(0x7361_D77F_843A_BE92, 0xA5BB_2BD3_2734_11FB, 0x9C94_1F31_4B3E_2399, 0x15DF_9CDD_BB9F_D3EC),
                Fp(0x5DDD_FD15_4BD8_C949, 0x62CB_29A5_A444_5B60, 0x37BC_870A_0C7D_D2B9, 0x2483_0A9D_3171_F0FD))
        }
        package static var first5: Fp2 {
            Fp2(
                Fp(0xC970_692F_4169_0FE7, 0xE240_3421_2769_4B0B, 0x32BE_E66B_83C4_59E8, 0x12AA_BCED_0AB0_8841),
                Fp(0x0D48_5D23_40AE_BFA9, 0x0519_3418_AB2F_CC57, 0xD3B0_A40B_8A49_10F5, 0x2F21_EBB5_35D2_925A))
        }
        package static var second1: Fp2 {
            real(0xCA8D_8005_00FA_1BF2, 0xF0C5_D614_68B3_9769, 0x0E20_1271_AD0D_4418, 0x0429_0F65_BAD8_56E6)
        }
        package static var second2: Fp2 {
            real(0x3350_C88E_13E8_0B9C, 0x7DCE_557C_DB5E_56B9, 0x6001_B4B8_B615_564A, 0x2682_E617_0202_17E0)
        }
        package static var second4: Fp2 {
            real(0x7193_0C11_D782_E155, 0xA6BB_947C_FFBE_3323, 0xAA30_3344_D474_1444, 0x2C3B_3F0D_2659_4943)
        }
        package static var second5: Fp2 {
            real(0x08CF_C388_C494_F1AB, 0x19B3_1514_8D13_73D4, 0x584E_90FD_CB6C_0213, 0x09E1_685B_DF2F_8849)
        }

        private static func real(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) -> Fp2 {
            Fp2(Fp(l0, l1, l2, l3), .zero)
        }
    }
}
