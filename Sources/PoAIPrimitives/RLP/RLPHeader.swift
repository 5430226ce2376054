/// The prefix of an RLP item: what it is, how long the prefix and how long the payload.
struct RLPHeader {
    var isList: Bool
    /// Bytes of prefix and length: 0 for a byte that stands for itself, else 1...9.
    var size: Int
    /// Bytes of payload.
    var payload: Int

    /// Reads the header at the start of `bytes`; nil if they end within it. Checks that the form is canonical, but for a
    /// prefixed single byte, whose payload need not be there yet. `offset` is for errors.
    init?(_ bytes: ArraySlice<UInt8>, offset: Int) throws(RLPError) {
        guard let prefix = bytes.first else { return nil }
        isList = prefix >= 0xC0
        switch prefix {
        case ..<0x80: (size, payload) = (0, 1)
        case ..<0xB8: (size, payload) = (1, Int(prefix) - 0x80)
        case 0xC0..<0xF8: (size, payload) = (1, Int(prefix) - 0xC0)
        default:
            let lengthSize = Int(prefix) - (isList ? 0xF7 : 0xB7)
            let length = bytes.dropFirst().prefix(lengthSize)
            if length.first == 0 { throw .lengthWithLeadingZero(offset: offset) }
            guard length.count == lengthSize else { return nil }
            size = 1 + lengthSize
            let value = length.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // Short of Int.max, so that adding the header's own nine bytes cannot overflow.
            guard value <= UInt64(Int.max) - 9 else { throw .lengthTooLarge(offset: offset) }
            payload = Int(value)
            if payload < 56 { throw .shortLengthInLongForm(offset: offset, length: payload) }
        }
    }
}
