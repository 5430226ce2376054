import PoAIPrimitives

/// Bitcoin's compact form of a 256-bit target (docs/spec/consensus.md, "Difficulty"), bit for bit.
///
/// The top byte is a size s in bytes, bit 23 a sign, the low 23 bits a mantissa m: the value is m * 256^(s-3), negative if
/// the sign is set.
public enum CompactTarget {
    /// What 32 bits of compact form denote, before any judgement on it.
    public struct Decoded: Hashable, Sendable {
        /// The magnitude modulo 2^256.
        public let magnitude: UInt256
        /// Whether the value is less than zero.
        public let isNegative: Bool
        /// Whether the magnitude does not fit into 256 bits.
        public let overflows: Bool
    }

    /// Reads the compact form, as Bitcoin's SetCompact does; defined for all 2^32 inputs.
    public static func decode(_ bits: UInt32) -> Decoded {
        let size = Int(bits >> 24)
        let field = bits & 0x7f_ffff
        let mantissa = size < 3 ? field >> UInt32(8 * (3 - size)) : field
        let magnitude = size <= 3 ? UInt256(UInt64(mantissa)) : shifted(mantissa, bytes: size - 3)
        let significantBytes = (39 - mantissa.leadingZeroBitCount) / 8
        return Decoded(
            magnitude: magnitude,
            isNegative: mantissa != 0 && bits & 0x80_0000 != 0,
            overflows: mantissa != 0 && size > 3 && significantBytes + size - 3 > 32)
    }

    /// Writes the compact form, rounding toward zero to 16 to 23 significant bits, as Bitcoin's GetCompact does.
    /// The result never has the sign bit set, so it decodes to a value of at most `value`.
    public static func encode(_ value: UInt256) -> UInt32 {
        let size = (value.significantBits + 7) / 8
        let top = size <= 3 ? value.limbs.0 << UInt64(8 * (3 - size)) : (value >> (8 * (size - 3))).limbs.0
        let mantissa = UInt32(truncatingIfNeeded: top)
        // A mantissa with bit 23 set would read as negative: give up its low byte and count one byte more.
        if mantissa & 0x80_0000 != 0 {
            return UInt32(size + 1) << 24 | mantissa >> 8
        }
        return UInt32(size) << 24 | mantissa
    }

    /// The target that a header's bits denote: nil if negative, zero or above 2^256 - 1.
    public static func target(_ bits: UInt32) -> UInt256? {
        let decoded = decode(bits)
        guard !decoded.isNegative, !decoded.overflows, !decoded.magnitude.isZero else { return nil }
        return decoded.magnitude
    }

    private static func shifted(_ mantissa: UInt32, bytes: Int) -> UInt256 {
        bytes < 32 ? UInt256(UInt64(mantissa)) << (8 * bytes) : .zero
    }
}
