/// Hexadecimal text and bytes.
public enum Hex {
    /// Two lower-case digits per byte, without a prefix.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Bytes of `text`: pairs of digits of either case, with or without a `0x` prefix. The empty text is no bytes.
    /// - Throws: `HexError.oddLength`, `HexError.invalidDigit`.
    public static func decode(_ text: String) throws(HexError) -> [UInt8] {
        let digits = withoutPrefix(Array(text.utf8))
        guard digits.count.isMultiple(of: 2) else { throw .oddLength(digits: digits.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for (offset, digit) in digits.enumerated() {
            guard let value = value(of: digit) else { throw .invalidDigit(offset: offset) }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// The ASCII digits without a leading `0x` or `0X`.
    package static func withoutPrefix(_ digits: [UInt8]) -> ArraySlice<UInt8> {
        let isPrefixed = digits.count >= 2 && digits[0] == 0x30 && (digits[1] | 0x20) == 0x78
        return digits.dropFirst(isPrefixed ? 2 : 0)
    }

    /// The ASCII lower-case digit of a value 0...15.
    package static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x57 + (value & 15)
    }

    /// The value 0...15 of an ASCII digit, nil for any other byte.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        case 0x41...0x46: digit - 0x37
        default: nil
        }
    }
}
