/// Why bytes are not the canonical RLP of a header (docs/spec/consensus.md, "Header").
public enum HeaderDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A field of the header, named as in the specification.
    public enum Field: String, Sendable, CaseIterable {
        case parentHash, unclesHash, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom, bits, number
        case gasLimit, gasUsed, timestamp, extraData, mixHash, nonce, baseFeePerGas, loss
    }

    /// The input does not start with the prefix of a list whose payload takes 256 to 65535 bytes.
    case notAHeaderList(firstByte: UInt8?)
    /// The list announces another payload length than the input has.
    case payloadLength(got: Int, announced: Int)
    /// The input ends inside the field.
    case truncated(Field)
    /// The field is not a string of the length the specification gives it.
    case wrongLength(Field, firstByte: UInt8, expected: Int)
    /// The field is longer than allowed.
    case tooLong(Field, got: Int, limit: Int)
    /// The field is encoded in a longer form than necessary, or is not a string.
    case notCanonical(Field, firstByte: UInt8)
    /// The list holds more than the 17 fields.
    case extraFields(bytes: Int)

    /// One line that names the field and the numbers.
    public var description: String {
        switch self {
        case .notAHeaderList(let byte):
            "header: expected an RLP list of 256 to 65535 bytes (f9), got first byte \(byte.map(hex) ?? "none")"
        case .payloadLength(let got, let announced):
            "header: the list announces \(announced) bytes, got \(got)"
        case .truncated(let field):
            "header: the input ends inside \(field.rawValue)"
        case .wrongLength(let field, let byte, let expected):
            "header: \(field.rawValue) must be a string of \(expected) bytes, got prefix \(hex(byte))"
        case .tooLong(let field, let got, let limit):
            "header: \(field.rawValue) has \(got) bytes, at most \(limit) are allowed"
        case .notCanonical(let field, let byte):
            "header: \(field.rawValue) is not in canonical form (prefix \(hex(byte)))"
        case .extraFields(let bytes):
            "header: \(bytes) bytes after the last field"
        }
    }

    private func hex(_ byte: UInt8) -> String {
        "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
