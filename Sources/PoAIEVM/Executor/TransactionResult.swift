import PoAIPrimitives
import PoAITypes

/// How a transaction or call ended.
public enum ExecutionStatus: Hashable, Sendable {
    /// Its changes stay.
    case succeeded
    /// It undid its changes itself, and gave back the gas that was left.
    case reverted
    /// It broke a rule: its changes are undone and all its gas is used.
    case halted(HaltReason)
}

/// What a valid transaction, or a call, did.
public struct TransactionResult: Hashable, Sendable {
    /// How it ended.
    public let status: ExecutionStatus
    /// What the sender pays for: after the refund, with the intrinsic gas.
    public let gasUsed: UInt64
    /// Given back for cleared storage (EIP-3529): at most a fifth of what was used.
    public let gasRefunded: UInt64
    /// Empty unless it succeeded.
    public let logs: [Log]
    /// What the callee returned or reverted with; for a creation that succeeded the code.
    public let output: [UInt8]
    /// The new contract of a creation that succeeded.
    public let createdAddress: Address?

    /// Whether its changes stay: the status of the receipt.
    public var succeeded: Bool { status == .succeeded }
}

/// A call without transaction: for eth_call and eth_estimateGas.
public struct CallRequest: Hashable, Sendable {
    /// Who calls; nobody signs, and it may have code.
    public var from: Address
    /// nil creates a contract.
    public var to: Address?
    /// The most it may use, with the intrinsic gas.
    public var gasLimit: UInt64
    /// Wei per gas, for GASPRICE; nothing is paid. With 0 also BASEFEE is 0.
    public var gasPrice: UInt256
    /// Wei that go to the callee; the caller must have them.
    public var value: UInt256
    /// Call data or initcode.
    public var data: [UInt8]
    /// Accounts and slots that are warm from the begin (EIP-2930).
    public var accessList: [AccessListEntry]

    /// Puts the parts together.
    public init(
        from: Address, to: Address?, gasLimit: UInt64, gasPrice: UInt256 = .zero, value: UInt256 = .zero,
        data: [UInt8] = [], accessList: [AccessListEntry] = []
    ) {
        self.from = from
        self.to = to
        self.gasLimit = gasLimit
        self.gasPrice = gasPrice
        self.value = value
        self.data = data
        self.accessList = accessList
    }

    /// The same with no more gas than the machine can count.
    var bounded: CallRequest {
        var request = self
        request.gasLimit = min(gasLimit, UInt64(Int64.max))
        return request
    }
}
