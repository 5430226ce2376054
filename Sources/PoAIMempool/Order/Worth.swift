import PoAIPrimitives
import PoAITypes

/// What a transaction is worth to a miner at some base fee: its tip, and below all tips, for those that do not cover the
/// base fee, their fee cap.
struct Worth: Hashable, Comparable, Sendable {
    let coversBaseFee: Bool
    /// Wei per gas: the tip, or the fee cap.
    let amount: UInt256

    init(_ fields: TransactionFields, baseFee: UInt256) {
        if let price = fields.effectiveGasPrice(baseFee: baseFee) {
            coversBaseFee = true
            amount = price &- baseFee
        } else {
            coversBaseFee = false
            amount = fields.maxFeePerGas
        }
    }

    static func < (left: Worth, right: Worth) -> Bool {
        if left.coversBaseFee != right.coversBaseFee { return !left.coversBaseFee }
        return left.amount < right.amount
    }
}

/// What decides who goes first when the pool is full: those that cannot be executed, then the cheapest, then the newest.
struct EvictionKey: Hashable, Comparable, Sendable {
    let isPending: Bool
    /// The least worth of the transaction and all of its sender before it: it cannot be mined without them.
    let worth: Worth
    let arrival: UInt64

    static func < (left: EvictionKey, right: EvictionKey) -> Bool {
        if left.isPending != right.isPending { return !left.isPending }
        if left.worth != right.worth { return left.worth < right.worth }
        return left.arrival > right.arrival
    }
}

/// The last transaction of a sender, which is the one of the sender's that goes first.
struct Tail: Comparable, Sendable {
    let key: EvictionKey
    let sender: Address
    /// Of the sender's queue when this was true.
    let stamp: UInt64

    static func < (left: Tail, right: Tail) -> Bool { left.key < right.key }
    static func == (left: Tail, right: Tail) -> Bool { left.key == right.key && left.stamp == right.stamp }
}

/// A sender's next transaction for a block: the highest tip comes first, then the oldest.
struct Candidate: Comparable, Sendable {
    let tip: UInt256
    let arrival: UInt64
    let sender: Address
    /// Place in the sender's queue.
    let index: Int

    static func < (left: Candidate, right: Candidate) -> Bool {
        left.tip == right.tip ? left.arrival < right.arrival : left.tip > right.tip
    }
}
