/// Why a text is not the hexadecimal form of the wanted bytes.
public enum HexError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Hex digits come in pairs; `digits` is their number without the `0x` prefix.
    case oddLength(digits: Int)
    /// The byte at `offset` (counted in UTF-8 bytes after the `0x` prefix) is not one of `0-9a-fA-F`.
    case invalidDigit(offset: Int)
    /// A value of fixed size was wanted: `expected` and `got` are numbers of bytes.
    case wrongLength(expected: Int, got: Int)

    /// One line for a person.
    public var description: String {
        switch self {
        case .oddLength(let digits):
            "hex text has an odd number of digits (\(digits)); every byte takes two"
        case .invalidDigit(let offset):
            "hex text has a character at position \(offset) that is not one of 0-9, a-f, A-F"
        case .wrongLength(let expected, let got):
            "hex text holds \(got) bytes, expected \(expected)"
        }
    }
}
