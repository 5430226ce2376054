import PoAIPrimitives

/// Why bytes are not the canonical form of a transaction that this chain has.
public enum TransactionDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field, named as in JSON-RPC.
    public enum Field: String, Sendable, CaseIterable {
        case chainId, nonce, gasPrice, maxPriorityFeePerGas, maxFeePerGas, gas, to, value, input, accessList, v, yParity
        case r, s
    }

    /// No bytes.
    case empty
    /// The first byte names a type that this chain does not have.
    case unsupportedType(UInt8)
    /// The first byte is neither a type nor the prefix of a list.
    case notAnEnvelope(firstByte: UInt8)
    /// The fields are not one canonical RLP list.
    case notAList(RLPError)
    /// A list of another length than the kind has.
    case fieldCount(Transaction.Kind, got: Int, expected: Int)
    /// The field is not in canonical form or out of its range.
    case field(Field, RLPError)
    /// `to` has neither 0 nor 20 bytes.
    case recipientLength(got: Int)
    /// A legacy v other than 27, 28 or 35 and above.
    case signatureV(got: UInt256)
    /// A legacy v for a chain id of more than 64 bits.
    case chainIDTooLarge(v: UInt256)
    /// A parity other than 0 or 1.
    case signatureParity(got: UInt64)

    /// One line.
    public var description: String {
        switch self {
        case .empty: "transaction: no bytes"
        case .unsupportedType(let type): "transaction: type \(Self.name(type)) is not supported; expected 0, 1 or 2"
        case .notAnEnvelope(let byte):
            "transaction: expected a type or an RLP list, got first byte 0x\(String(byte, radix: 16))"
        case .notAList(let error): "transaction: \(error)"
        case .fieldCount(let kind, let got, let expected):
            "transaction: a transaction of type \(kind.rawValue) has \(expected) fields, got \(got)"
        case .field(let field, let error): "transaction: \(field.rawValue): \(error)"
        case .recipientLength(let got): "transaction: to has \(got) bytes; expected 20, or 0 to create a contract"
        case .signatureV(let got): "transaction: v is \(got), expected 27, 28 or 35 + 2 * chain id + parity (EIP-155)"
        case .chainIDTooLarge(let v): "transaction: v is \(v), whose chain id has more than 64 bits"
        case .signatureParity(let got): "transaction: yParity is \(got), expected 0 or 1"
        }
    }

    private static func name(_ type: UInt8) -> String {
        switch type {
        case 0: "0 with a type byte (a legacy transaction has none)"
        case 3: "3 (blobs, EIP-4844)"
        case 4: "4 (delegations, EIP-7702)"
        default: "\(type)"
        }
    }
}
