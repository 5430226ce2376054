import PoAIPrimitives

/// Why a well formed transaction is invalid on whatever state.
public enum TransactionFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The signature is out of range, has a high s (EIP-2) or recovers to no key.
    case signature(Secp256k1Error)
    /// It was signed for another chain (EIP-155).
    case chainID(got: UInt64, expected: UInt64)
    /// 2^64 - 1, after which the sender's nonce could not grow (EIP-2681).
    case nonceTooHigh
    /// The miner's share is more than the whole (EIP-1559).
    case priorityFeeAboveMaxFee(priority: UInt256, maximum: UInt256)
    /// Gas limit times price is 2^256 wei or more.
    case feeOverflow(gasLimit: UInt64, price: UInt256)
    /// The code of the new contract takes more bytes to make than allowed (EIP-3860).
    case initcodeTooLong(got: Int, limit: Int)
    /// The gas limit does not cover what every transaction of this form costs; `needed` is nil beyond 64 bits.
    case intrinsicGas(got: UInt64, needed: UInt64?)

    /// One line.
    public var description: String {
        switch self {
        case .signature(let error): "transaction: \(error)"
        case .chainID(let got, let expected):
            "transaction: signed for chain id \(got), this chain has \(expected); sign it for this chain"
        case .nonceTooHigh: "transaction: nonce is 2^64 - 1, at most 2^64 - 2 is allowed (EIP-2681)"
        case .priorityFeeAboveMaxFee(let priority, let maximum):
            "transaction: maxPriorityFeePerGas \(priority) is above maxFeePerGas \(maximum)"
        case .feeOverflow(let gasLimit, let price):
            "transaction: gas limit \(gasLimit) times price \(price) does not fit 256 bits"
        case .initcodeTooLong(let got, let limit):
            "transaction: the initcode has \(got) bytes, at most \(limit) are allowed (EIP-3860)"
        case .intrinsicGas(let got, let needed):
            "transaction: gas limit \(got) is below the intrinsic gas \(needed.map { "\($0)" } ?? "of over 2^64")"
        }
    }
}
