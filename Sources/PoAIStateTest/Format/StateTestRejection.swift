import PoAIEVM
import PoAITypes

/// Why a transaction was not executed.
enum StateTestRejection: Error, CustomStringConvertible {
    case undecodable(TransactionDecodingError)
    case invalid(TransactionFault)
    case onState(StateFault)

    var description: String {
        switch self {
        case .undecodable(let error): "\(error)"
        case .invalid(let fault): "\(fault)"
        case .onState(let fault): "\(fault)"
        }
    }

    init(_ fault: ExecutionFault<Never>) {
        switch fault {
        case .transaction(let fault): self = .invalid(fault)
        case .state(let fault): self = .onState(fault)
        }
    }

    /// Whether the test wants this: `expected` is one or more of the names that the execution specification's tests use,
    /// separated by `|`.
    func isExpected(_ expected: String) -> Bool {
        expected.split(separator: "|").contains { name in
            names.contains { name.hasSuffix(".\($0)") || name == $0 }
        }
    }

    private var names: [String] {
        switch self {
        case .undecodable: ["RLP_INVALID_VALUE", "GASLIMIT_OVERFLOW", "VALUE_OVERFLOW", "NONCE_OVERFLOW"]
        case .invalid(.signature): ["INVALID_SIGNATURE_VRS", "EC_RECOVERY_FAIL"]
        case .invalid(.chainID): ["INVALID_CHAINID"]
        case .invalid(.nonceTooHigh): ["NONCE_IS_MAX", "NONCE_OVERFLOW"]
        case .invalid(.priorityFeeAboveMaxFee): ["PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"]
        case .invalid(.feeOverflow): ["GASLIMIT_PRICE_PRODUCT_OVERFLOW", "INSUFFICIENT_ACCOUNT_FUNDS"]
        case .invalid(.initcodeTooLong): ["INITCODE_SIZE_EXCEEDED"]
        case .invalid(.intrinsicGas): ["INTRINSIC_GAS_TOO_LOW"]
        case .onState(.nonceTooLow): ["NONCE_MISMATCH_TOO_LOW"]
        case .onState(.nonceTooHigh): ["NONCE_MISMATCH_TOO_HIGH"]
        case .onState(.insufficientFunds): ["INSUFFICIENT_ACCOUNT_FUNDS"]
        case .onState(.senderHasCode): ["SENDER_NOT_EOA"]
        case .onState(.gasLimitAboveBlock): ["GAS_ALLOWANCE_EXCEEDED"]
        case .onState(.maxFeeBelowBaseFee): ["INSUFFICIENT_MAX_FEE_PER_GAS"]
        }
    }
}
