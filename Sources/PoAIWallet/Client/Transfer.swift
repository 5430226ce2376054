import PoAIPrimitives
import PoAITypes

/// Why there is no transfer.
public enum TransferFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The node does not answer, or not well.
    case node(RPCClientError)
    /// The fee could become `fee` wei, nil for 2^256 and more.
    case feeAboveLimit(fee: UInt256?, limit: UInt256)
    /// The account has less than the amount and its fee, `needs` together; nil for 2^256 wei and more.
    case balance(address: Address, has: UInt256, needs: UInt256?)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .node(let error): "\(error)"
        case .feeAboveLimit(let fee, let limit):
            "the fee may become \(Self.text(fee)), more than the \(Self.text(limit)) of --max-fee "
                + "(raise it if you mean it, or ask another node)"
        case .balance(let address, let has, let needs):
            "\(address): it has \(Self.text(has)), but the amount and its fee may take \(Self.text(needs)) "
                + "(send less, or from another account)"
        }
    }

    private static func text(_ wei: UInt256?) -> String { wei.map { "\(Amount.poai($0)) POAI" } ?? "2^256 wei or more" }
}

/// A transfer ready to be sent, with the numbers that it needs asked from a node.
public struct Transfer: Sendable {
    /// The signed transaction, of EIP-1559's kind.
    public let transaction: Transaction
    /// Who pays.
    public let sender: Address
    /// The most that it can cost beside its value, in wei.
    public let maxFee: UInt256

    /// Asks `node` for chain id, nonce, fees, balance and gas, and signs. Nothing is sent.
    ///
    /// The maximum price is twice the base fee and the tip, so that the transaction stays good while the base fee rises for
    /// five full blocks.
    ///
    /// - Parameters:
    ///   - value: wei.
    ///   - feeLimit: wei; a node that asks for more is not believed.
    public init(
        of value: UInt256, to receiver: Address, key: PrivateKey, through node: Node, feeLimit: UInt256
    ) throws(TransferFault) {
        sender = key.address
        let (fields, balance): (TransactionFields, UInt256)
        do throws(RPCClientError) {
            balance = try node.balance(sender)
            // Gas cannot be estimated for what the account does not have; the sum is checked below.
            let affordable = min(value, balance)
            fields = try Self.fields(of: value, estimatedWith: affordable, to: receiver, from: sender, node)
        } catch {
            throw .node(error)
        }
        let (fee, overflow) = fields.maxFeePerGas.multipliedReportingOverflow(by: UInt256(fields.gasLimit))
        guard !overflow, fee <= feeLimit else { throw .feeAboveLimit(fee: overflow ? nil : fee, limit: feeLimit) }
        guard let cost = fields.maxCost, cost <= balance else {
            throw .balance(address: sender, has: balance, needs: fields.maxCost)
        }
        maxFee = fee
        transaction = fields.signed(by: key)
    }

    private static func fields(
        of value: UInt256, estimatedWith affordable: UInt256, to receiver: Address, from sender: Address, _ node: Node
    ) throws(RPCClientError) -> TransactionFields {
        let (chainID, nonce) = (try node.chainID(), try node.nextNonce(sender))
        let (tip, base) = (try node.suggestedPriorityFee(), try node.baseFee())
        let gas = try node.gas(from: sender, to: receiver, value: affordable)
        return .dynamicFee(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: sum(sum(base, base), tip),
            gasLimit: gas, to: receiver, value: value)
    }

    /// At most 2^256 - 1, which no fee limit lets pass.
    private static func sum(_ a: UInt256, _ b: UInt256) -> UInt256 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
