import PoAIPrimitives
import PoAITypes

/// The rule that a header breaks, with what it has and what the rule demands. A header with a fault is invalid for ever.
public enum HeaderFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The header was checked against the expectations of another parent.
    case parentHash(got: Hash32, expected: Hash32)
    /// Not the parent's height plus one.
    case number(got: UInt64, expected: UInt64)
    /// Not the hash of an empty uncle list.
    case unclesHash(got: Hash32, expected: Hash32)
    /// Not the network's gas limit.
    case gasLimit(got: UInt64, expected: UInt64)
    /// More than the gas limit.
    case gasUsed(got: UInt64, limit: UInt64)
    /// Not the base fee that follows from the parent (EIP-1559).
    case baseFeePerGas(got: UInt256, expected: UInt256)
    /// More bytes than allowed.
    case extraDataLength(got: Int, limit: Int)
    /// Not after the median time past, or before the beginning of the retarget window that the block ends.
    case timestamp(got: UInt64, minimum: UInt64)
    /// Not the target that the retarget rule gives.
    case bits(got: UInt32, expected: UInt32)
    /// ℓ̂ is not below the target.
    case seal(lhat: UInt256, target: UInt256)
    /// The forward pass gives another digest than the header's mixHash.
    case traceDigest(got: Hash32, expected: Hash32)
    /// The forward pass gives another loss, in units of 2^-16 nats.
    case loss(got: UInt64, expected: UInt64)
    /// The work of the branch exceeds 2^256 - 1.
    case totalWorkOverflow
    /// The parent is at the last height that 64 bits can express.
    case heightOverflow

    /// One line: the field, what it is, what it must be.
    public var description: String {
        switch self {
        case .parentHash(let got, let expected): "parentHash is \(got), expected \(expected)"
        case .number(let got, let expected): "number is \(got), expected \(expected)"
        case .unclesHash(let got, let expected): "unclesHash is \(got), expected \(expected)"
        case .gasLimit(let got, let expected): "gasLimit is \(got), expected \(expected)"
        case .gasUsed(let got, let limit): "gasUsed is \(got), above the gas limit \(limit)"
        case .baseFeePerGas(let got, let expected): "baseFeePerGas is \(got) wei, expected \(expected) wei"
        case .extraDataLength(let got, let limit): "extraData has \(got) bytes, expected at most \(limit)"
        case .timestamp(let got, let minimum): "timestamp is \(got), expected at least \(minimum)"
        case .bits(let got, let expected): "bits is \(ChainSpec.hex(got)), expected \(ChainSpec.hex(expected))"
        case .seal(let lhat, let target):
            "the seal's number is \(lhat.bigEndianHash), expected less than the target \(target.bigEndianHash)"
        case .traceDigest(let got, let expected): "mixHash is \(got), but the forward pass gives \(expected)"
        case .loss(let got, let expected): "loss is \(got), but the forward pass gives \(expected)"
        case .totalWorkOverflow: "the work of the branch exceeds 2^256 - 1"
        case .heightOverflow: "the parent is at the last possible height, \(UInt64.max)"
        }
    }
}
