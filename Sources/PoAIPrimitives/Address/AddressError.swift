/// Why a text is not an address.
public enum AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An address is 40 hex digits; `digits` is the number of characters found after an optional `0x`.
    case wrongLength(digits: Int)
    /// The character at `offset` (after an optional `0x`) is not a hex digit.
    case invalidDigit(offset: Int)
    /// Upper and lower case are mixed, but not as EIP-55 asks; `expected` is the address with the right case.
    case wrongChecksum(expected: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .wrongLength(let digits):
            "an address has 40 hex digits, got \(digits)"
        case .invalidDigit(let offset):
            "the character at position \(offset) of the address is not one of 0-9, a-f, A-F"
        case .wrongChecksum(let expected):
            "the address fails its EIP-55 checksum: a digit is mistyped, or it should read \(expected); "
                + "all lower case is taken without a check"
        }
    }
}
