import PoAIPrimitives

/// Why bytes are not the canonical form of a receipt.
public enum ReceiptDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No bytes.
    case empty
    /// The first byte is neither the prefix of a list nor a type that this chain has.
    case unsupportedType(UInt8)
    /// Not the list of status, gas, filter and logs.
    case malformed(RLPError)
    /// A status other than 0 or 1 (EIP-658).
    case status(got: UInt64)
    /// The filter is not that of the logs.
    case bloom

    /// One line.
    public var description: String {
        switch self {
        case .empty: "receipt: no bytes"
        case .unsupportedType(let type): "receipt: type \(type) is not supported; expected a list, 1 or 2"
        case .malformed(let error): "receipt: \(error)"
        case .status(let got): "receipt: status is \(got), expected 0 or 1"
        case .bloom: "receipt: logsBloom is not the filter of the logs"
        }
    }
}
