/// Base32 of RFC 4648 in lower case without padding: multibase `b` without the prefix, the base of CIDv1 text.
public enum Base32 {
    /// The longest text that is read, in characters.
    public static let maximumLength = 256

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    private static let values: [UInt8: UInt32] = Dictionary(
        uniqueKeysWithValues: alphabet.enumerated().map { ($0.element, UInt32($0.offset)) })

    /// The text of `bytes`.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var held: UInt32 = 0
        var bits = 0
        for byte in bytes {
            held = (held << 8 | UInt32(byte)) & 0xFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(held >> UInt32(bits)) & 31])
            }
        }
        if bits > 0 { text.append(alphabet[Int(held << UInt32(5 - bits)) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`; the bits that fill up the last character are zero.
    /// - Throws: `BaseError`.
    public static func decode(_ text: some StringProtocol) throws(BaseError) -> [UInt8] {
        let characters = Array(text.utf8.prefix(maximumLength + 1))
        guard characters.count <= maximumLength else { throw .tooLong }
        var bytes: [UInt8] = []
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for (position, character) in characters.enumerated() {
            guard let value = values[character] else { throw .unexpectedCharacter(at: position) }
            held = (held << 5 | value) & 0xFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        guard bits < 5, held & ((1 << bits) - 1) == 0 else { throw .notCanonical }
        return bytes
    }
}
