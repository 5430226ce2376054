import PoAIPrimitives
import PoAITypes

/// Why a transaction cannot be part of this block. The state is as before.
public enum StateFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sender has sent this one already, or another with the nonce.
    case nonceTooLow(got: UInt64, expected: UInt64)
    /// Transactions before this one are missing.
    case nonceTooHigh(got: UInt64, expected: UInt64)
    /// The sender cannot pay for gas limit times maximum fee, and the value. `needed` is nil from 2^256 on.
    case insufficientFunds(balance: UInt256, needed: UInt256?)
    /// The sender is a contract (EIP-3607).
    case senderHasCode
    /// The block has less gas left.
    case gasLimitAboveBlock(got: UInt64, left: UInt64)
    /// The transaction does not cover the base fee (EIP-1559).
    case maxFeeBelowBaseFee(got: UInt256, baseFee: UInt256)

    /// One line.
    public var description: String {
        switch self {
        case .nonceTooLow(let got, let expected): "transaction: nonce too low: got \(got), expected \(expected)"
        case .nonceTooHigh(let got, let expected): "transaction: nonce too high: got \(got), expected \(expected)"
        case .insufficientFunds(let balance, let needed):
            "transaction: insufficient funds: the sender has \(balance) wei, needs "
                + (needed.map { "\($0) for gas limit times maximum fee and value" } ?? "2^256 or more")
        case .senderHasCode: "transaction: the sender is a contract (EIP-3607)"
        case .gasLimitAboveBlock(let got, let left):
            "transaction: gas limit \(got) is above the \(left) that the block has left"
        case .maxFeeBelowBaseFee(let got, let baseFee):
            "transaction: maxFeePerGas \(got) is below the block's base fee \(baseFee)"
        }
    }
}

/// Why a transaction was not executed.
public enum ExecutionFault<Failure: Error>: Error, CustomStringConvertible {
    /// It is invalid whatever the state.
    case transaction(TransactionFault)
    /// It is invalid on this state, or in this block.
    case state(StateFault)
    /// Reading the state failed; the executor is of no more use.
    case view(Failure)

    /// One line.
    public var description: String {
        switch self {
        case .transaction(let fault): "\(fault)"
        case .state(let fault): "\(fault)"
        case .view(let failure): "reading the state: \(failure)"
        }
    }
}

extension ExecutionFault: Equatable where Failure: Equatable {}
extension ExecutionFault: Sendable where Failure: Sendable {}
