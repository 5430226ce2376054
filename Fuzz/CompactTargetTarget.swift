import PoAIPrimitives
import PoAITypes

/// Compact targets: decoding against the definition written out byte by byte, encoding against decoding.
/// An input is four bytes of compact form, then up to 32 bytes of a value.
enum CompactTargetTarget {
    @Sendable static func run(_ input: [UInt8]) {
        guard input.count >= 4 else { return }
        decoding(input.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
        if let value = UInt256(bigEndianBytes: input.dropFirst(4).prefix(32)) { encoding(value) }
    }

    private static func decoding(_ bits: UInt32) {
        let decoded = CompactTarget.decode(bits)
        let (digits, negative) = definition(bits)
        let overflows = digits.dropFirst(32).contains { $0 != 0 }
        require(decoded.overflows == overflows, "overflow of \(bits)")
        require(decoded.isNegative == (negative && digits.contains { $0 != 0 }), "sign of \(bits)")
        if !overflows {
            require(decoded.magnitude.bigEndianBytes == digits.prefix(32).reversed(), "magnitude of \(bits)")
        }
        guard let target = CompactTarget.target(bits) else {
            require(overflows || negative || !digits.contains { $0 != 0 }, "a target was refused: \(bits)")
            return
        }
        require(!overflows && !negative && target == decoded.magnitude, "a target was accepted: \(bits)")
        require(CompactTarget.target(CompactTarget.encode(target)) == target, "a target survives encoding")
    }

    /// The magnitude's digits to base 256, least significant first, and the sign bit.
    private static func definition(_ bits: UInt32) -> (digits: [UInt8], negative: Bool) {
        let size = Int(bits >> 24)
        var digits = [UInt8](repeating: 0, count: 3 + 255)
        // The mantissa's digit j stands for 256^(j + size - 3); what would stand below the point is cut off.
        for (index, shift) in [0, 8, 16].enumerated() where index + size - 3 >= 0 {
            digits[index + size - 3] = UInt8(truncatingIfNeeded: (bits & 0x7f_ffff) >> UInt32(shift))
        }
        return (digits, bits & 0x80_0000 != 0)
    }

    private static func encoding(_ value: UInt256) {
        let bits = CompactTarget.encode(value)
        let decoded = CompactTarget.decode(bits)
        require(!decoded.isNegative && !decoded.overflows, "encodings are targets: \(bits)")
        require(decoded.magnitude <= value && value &- decoded.magnitude <= value >> 15, "rounds down, by little")
        require(CompactTarget.encode(decoded.magnitude) == bits, "encoding again gives the same")
        // The next larger mantissa, where there is one of this size, gives more than the value.
        let size = bits >> 24
        let step: UInt32 = size < 3 ? 1 << (8 * (3 - size)) : 1
        guard size > 0, bits & 0x7f_ffff + step <= 0x7f_ffff else { return }
        let next = CompactTarget.decode(bits + step)
        require(next.overflows || next.magnitude > value, "rounds to the nearest below")
    }
}
