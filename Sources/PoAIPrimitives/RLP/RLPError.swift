/// Why bytes are not the canonical RLP of what was expected. Offsets count from the start of the decoded input.
public enum RLPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No bytes at all.
    case emptyInput
    /// The item at `offset` needs `needed` bytes where `available` are left in the input or the enclosing list.
    case truncated(offset: Int, needed: Int, available: Int)
    /// Bytes follow the item.
    case trailingBytes(count: Int)
    /// A single byte below 0x80 at `offset` has a length prefix; it stands for itself.
    case prefixedSingleByte(offset: Int)
    /// The length of the item at `offset` starts with a zero byte.
    case lengthWithLeadingZero(offset: Int)
    /// The item at `offset` has its length, less than 56, in the form for long items.
    case shortLengthInLongForm(offset: Int, length: Int)
    /// The item at `offset` claims a length beyond any possible input.
    case lengthTooLarge(offset: Int)
    /// Lists are nested deeper than `limit`.
    case tooDeep(offset: Int, limit: Int)
    /// There are more than `limit` items.
    case tooManyItems(limit: Int)
    /// A list where bytes were expected.
    case expectedBytes
    /// Bytes where a list was expected.
    case expectedList
    /// A list of another number of items.
    case wrongCount(expected: Int, got: Int)
    /// A byte string of another length.
    case wrongLength(expected: Int, got: Int)
    /// An integer with a leading zero byte.
    case integerWithLeadingZero
    /// An integer of `got` bytes where at most `limit` fit.
    case integerTooLarge(limit: Int, got: Int)

    /// One line for a person.
    public var description: String {
        switch self {
        case .emptyInput: "RLP: no bytes"
        case .truncated(let offset, let needed, let available):
            "RLP: the item at byte \(offset) needs \(needed) bytes, \(available) are left"
        case .trailingBytes(let count): "RLP: \(count) bytes follow the item"
        case .prefixedSingleByte(let offset): "RLP: byte below 0x80 with a prefix at \(offset) is not canonical"
        case .lengthWithLeadingZero(let offset): "RLP: length with a leading zero at \(offset) is not canonical"
        case .shortLengthInLongForm(let offset, let length):
            "RLP: length \(length) in the long form at \(offset) is not canonical"
        case .lengthTooLarge(let offset): "RLP: the length at byte \(offset) does not fit 63 bits"
        case .tooDeep(let offset, let limit): "RLP: lists nest deeper than \(limit) at byte \(offset)"
        case .tooManyItems(let limit): "RLP: more than \(limit) items"
        case .expectedBytes: "RLP: expected bytes, got a list"
        case .expectedList: "RLP: expected a list, got bytes"
        case .wrongCount(let expected, let got): "RLP: expected a list of \(expected) items, got \(got)"
        case .wrongLength(let expected, let got): "RLP: expected \(expected) bytes, got \(got)"
        case .integerWithLeadingZero: "RLP: integer with a leading zero byte is not canonical"
        case .integerTooLarge(let limit, let got): "RLP: integer of \(got) bytes, at most \(limit) fit"
        }
    }
}
