import PoAIPrimitives
import PoAITypes

/// A transaction in the pool with what the rules ask of it again and again. A class, so that queues move references.
package final class PoolEntry: Sendable {
    package let transaction: RecoveredTransaction
    /// Bytes of the encoding.
    package let bytes: Int
    /// Most wei it can take from its sender.
    package let cost: UInt256
    /// Least gas it is charged for before the first instruction.
    let intrinsicGas: UInt64
    /// Number of transactions that came before.
    package let arrival: UInt64

    init(_ transaction: RecoveredTransaction, bytes: Int, cost: UInt256, arrival: UInt64) {
        self.transaction = transaction
        self.bytes = bytes
        self.cost = cost
        self.arrival = arrival
        intrinsicGas = transaction.fields.intrinsicGas ?? .max
    }

    package var fields: TransactionFields { transaction.fields }
    package var nonce: UInt64 { transaction.fields.nonce }
    package var hash: Hash32 { transaction.hash }
}
