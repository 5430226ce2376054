import PoAIPrimitives

/// What a transaction says, without the signature. Made by `legacy`, `accessList` or `dynamicFee`, which take exactly what
/// each kind has on the wire. Whether it obeys the rules is decided by `checkRules(chainID:)`.
public struct TransactionFields: Hashable, Sendable {
    /// The form on the wire.
    public let kind: Transaction.Kind
    /// The chain it is for (EIP-155); nil only for a legacy transaction that any chain accepts.
    public let chainID: UInt64?
    /// How many transactions the sender sent before.
    public let nonce: UInt64
    /// Most wei per gas for the miner; the gas price for kinds that have but one price.
    public let maxPriorityFeePerGas: UInt256
    /// Most wei per gas altogether; the gas price for kinds that have but one price.
    public let maxFeePerGas: UInt256
    /// Most gas it may use.
    public let gasLimit: UInt64
    /// The receiver; nil creates a contract.
    public let to: Address?
    /// Wei that go to the receiver.
    public let value: UInt256
    /// Input of the call, or initcode of the contract.
    public let data: [UInt8]
    /// Announced accounts and slots; empty for legacy.
    public let accessList: [AccessListEntry]

    /// A transaction without type (yellow paper, 4.2). With a chain id it is signed as EIP-155 says.
    public static func legacy(
        chainID: UInt64?, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?, value: UInt256 = .zero,
        data: [UInt8] = []
    ) -> TransactionFields {
        TransactionFields(
            kind: .legacy, chainID: chainID, nonce: nonce, maxPriorityFeePerGas: gasPrice, maxFeePerGas: gasPrice,
            gasLimit: gasLimit, to: to, value: value, data: data, accessList: [])
    }

    /// A transaction of type 1 (EIP-2930).
    public static func accessList(
        chainID: UInt64, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?, value: UInt256 = .zero,
        data: [UInt8] = [], accessList: [AccessListEntry]
    ) -> TransactionFields {
        TransactionFields(
            kind: .accessList, chainID: chainID, nonce: nonce, maxPriorityFeePerGas: gasPrice, maxFeePerGas: gasPrice,
            gasLimit: gasLimit, to: to, value: value, data: data, accessList: accessList)
    }

    /// A transaction of type 2 (EIP-1559).
    public static func dynamicFee(
        chainID: UInt64, nonce: UInt64, maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256, gasLimit: UInt64,
        to: Address?, value: UInt256 = .zero, data: [UInt8] = [], accessList: [AccessListEntry] = []
    ) -> TransactionFields {
        TransactionFields(
            kind: .dynamicFee, chainID: chainID, nonce: nonce, maxPriorityFeePerGas: maxPriorityFeePerGas,
            maxFeePerGas: maxFeePerGas, gasLimit: gasLimit, to: to, value: value, data: data, accessList: accessList)
    }

    /// Wei per gas that the sender pays at this base fee: the base fee and the tip (EIP-1559).
    ///
    /// - Returns: nil if even the maximum does not cover the base fee.
    public func effectiveGasPrice(baseFee: UInt256) -> UInt256? {
        guard maxFeePerGas >= baseFee else { return nil }
        return baseFee &+ min(maxPriorityFeePerGas, maxFeePerGas &- baseFee)
    }

    /// What the sender must own: gas limit times the maximum price, and the value, in wei.
    ///
    /// - Returns: nil if that is 2^256 or more.
    public var maxCost: UInt256? {
        guard let fee = maxFee else { return nil }
        let sum = fee.addingReportingOverflow(value)
        return sum.overflow ? nil : sum.partialValue
    }

    /// Gas limit times the maximum price, in wei; nil if that is 2^256 or more.
    var maxFee: UInt256? {
        let product = maxFeePerGas.multipliedReportingOverflow(by: UInt256(gasLimit))
        return product.overflow ? nil : product.partialValue
    }

    /// The same fields with the signature of `key`.
    public func signed(by key: PrivateKey) -> Transaction {
        Transaction(fields: self, signature: key.sign(signingHash))
    }
}
