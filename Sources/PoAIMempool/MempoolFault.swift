import PoAIPrimitives
import PoAITypes

/// Why the pool does not take a transaction. The descriptions begin with the words of geth, which wallets look for.
public enum MempoolFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no transaction.
    case undecodable(TransactionDecodingError)
    /// It is invalid on whatever state.
    case invalid(TransactionFault)
    /// It is in the pool.
    case alreadyKnown(Hash32)
    /// It has too many bytes.
    case oversized(got: Int, limit: Int)
    /// It names no chain, so anyone could repeat it on every other one (EIP-155).
    case notReplayProtected(chainID: UInt64)
    /// No block can hold it.
    case gasLimit(got: UInt64, limit: UInt64)
    /// The tip is below what this node asks for, in wei per gas.
    case tipTooLow(got: UInt256, minimum: UInt256)
    /// The nonce is used already.
    case nonceTooLow(got: UInt64, next: UInt64)
    /// The nonce is too far above the sender's next one.
    case nonceTooHigh(got: UInt64, next: UInt64, maximum: UInt64)
    /// The sender cannot pay this transaction and those before it; `cost` is nil if it has more than 256 bits.
    case insufficientFunds(balance: UInt256, pending: UInt256, cost: UInt256?)
    /// Another one with this nonce is there, and at least one fee is not enough above its fee, in wei per gas.
    case replacementUnderpriced(maxFee: UInt256, neededMaxFee: UInt256, tip: UInt256, neededTip: UInt256)
    /// The sender has as many in the pool as one may.
    case accountLimit(limit: Int)
    /// The pool is full of transactions that are worth more; `tip` in wei per gas at the current base fee, nil if the base
    /// fee is not covered.
    case underpriced(tip: UInt256?, baseFee: UInt256)
    /// The pool is full and this one, which cannot be executed yet, displaces none that can.
    case full(count: Int, bytes: Int)
    /// The state could not be read.
    case state(MempoolStateError)

    /// One line: geth's words, then the numbers.
    public var description: String {
        switch self {
        case .undecodable(let error): "rlp: \(error)"
        case .invalid(let fault): "\(Self.words(of: fault)): \(fault)"
        case .alreadyKnown(let hash): "already known: \(hash)"
        case .oversized(let got, let limit): "oversized data: transaction size \(got), limit \(limit)"
        case .notReplayProtected(let chainID):
            "only replay-protected (EIP-155) transactions allowed: sign for chain id \(chainID)"
        case .gasLimit(let got, let limit): "exceeds block gas limit: gas limit \(got), block gas limit \(limit)"
        case .tipTooLow(let got, let minimum): "transaction underpriced: gas tip cap \(got), minimum needed \(minimum)"
        case .underpriced(let tip?, _): "transaction underpriced: txpool is full of higher tips than \(tip)"
        case .underpriced(nil, let baseFee):
            "transaction underpriced: txpool is full and the fee cap is below the base fee \(baseFee)"
        case .full(let count, let bytes):
            "txpool is full: \(count) transactions, \(bytes) bytes; send the missing nonces first"
        case .accountLimit(let limit): "account limit exceeded: \(limit) transactions of this sender are waiting"
        case .state(let error): "\(error)"
        case .nonceTooLow, .nonceTooHigh, .insufficientFunds, .replacementUnderpriced: aboutAccount
        }
    }

    private var aboutAccount: String {
        switch self {
        case .nonceTooLow(let got, let next): "nonce too low: next nonce \(next), tx nonce \(got)"
        case .nonceTooHigh(let got, let next, let maximum):
            "nonce too high: next nonce \(next), tx nonce \(got), at most \(maximum) now"
        case .insufficientFunds(let balance, let pending, let cost):
            "insufficient funds for gas * price + value: balance \(balance), "
                + (pending.isZero ? "" : "queued cost \(pending), ")
                + "tx cost \(cost.map { "\($0)" } ?? "of over 2^256")"
        case .replacementUnderpriced(let maxFee, let neededMaxFee, let tip, let neededTip):
            "replacement transaction underpriced: gas fee cap \(maxFee), needed \(neededMaxFee); "
                + "gas tip cap \(tip), needed \(neededTip)"
        default: ""
        }
    }

    private static func words(of fault: TransactionFault) -> String {
        switch fault {
        case .signature: "invalid sender"
        case .chainID: "invalid chain id for signer"
        case .nonceTooHigh: "nonce has max value"
        case .priorityFeeAboveMaxFee: "max priority fee per gas higher than max fee per gas"
        case .feeOverflow: "insufficient funds for gas * price + value"
        case .initcodeTooLong: "max initcode size exceeded"
        case .intrinsicGas: "intrinsic gas too low"
        }
    }
}
