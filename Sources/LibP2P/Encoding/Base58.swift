/// Why text is not in one of the bases of peer ids.
public enum BaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Longer than any text this project reads.
    case tooLong
    /// A character that the base does not have, at a position from 0 in UTF-8 bytes.
    case unexpectedCharacter(at: Int)
    /// The text does not stand for whole bytes, or stands for them in another than the one form.
    case notCanonical

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooLong: "the text is too long"
        case .unexpectedCharacter(let position): "unexpected character at byte \(position)"
        case .notCanonical: "the text does not stand for whole bytes"
        }
    }
}

/// Base58 with Bitcoin's alphabet, multibase `z` without the prefix (draft-msporny-base58).
public enum Base58 {
    /// The longest text that is read, in characters. The work grows with the square of the length.
    public static let maximumLength = 128

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let values: [UInt8: Int] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($0.element, $0.offset) })

    /// The text of `bytes`; a zero byte in front becomes `1`.
    public static func encode(_ bytes: [UInt8]) -> String {
        let zeros = bytes.prefix { $0 == 0 }.count
        var digits: [Int] = []  // base 58, least significant first
        for byte in bytes.dropFirst(zeros) {
            var carry = Int(byte)
            for position in digits.indices {
                carry += digits[position] << 8
                digits[position] = carry % 58
                carry /= 58
            }
            while carry > 0 {
                digits.append(carry % 58)
                carry /= 58
            }
        }
        let text = Array(repeating: alphabet[0], count: zeros) + digits.reversed().map { alphabet[$0] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`; each text has exactly one value.
    /// - Throws: `tooLong`, `unexpectedCharacter`.
    public static func decode(_ text: some StringProtocol) throws(BaseError) -> [UInt8] {
        let characters = Array(text.utf8.prefix(maximumLength + 1))
        guard characters.count <= maximumLength else { throw .tooLong }
        let zeros = characters.prefix { $0 == alphabet[0] }.count
        var bytes: [UInt8] = []  // least significant first
        for (position, character) in characters.enumerated().dropFirst(zeros) {
            guard var carry = values[character] else { throw .unexpectedCharacter(at: position) }
            for index in bytes.indices {
                carry += Int(bytes[index]) * 58
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            while carry > 0 {
                bytes.append(UInt8(truncatingIfNeeded: carry))
                carry >>= 8
            }
        }
        return Array(repeating: 0, count: zeros) + bytes.reversed()
    }
}
