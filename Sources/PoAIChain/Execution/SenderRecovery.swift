import Dispatch
import PoAITypes
import Synchronization

/// Recovers the senders of a block's transactions, on all cores when there are many: it is the costliest part of checking
/// a plain transfer.
enum SenderRecovery {
    /// Fewer than this are not worth other threads.
    static let parallelFrom = 32

    /// The transactions with their senders, or the first that has no valid signature.
    static func recover(_ transactions: [Transaction]) -> Result<[RecoveredTransaction], BlockFault> {
        let results = transactions.count < parallelFrom ? transactions.map(one) : all(transactions)
        var recovered: [RecoveredTransaction] = []
        recovered.reserveCapacity(results.count)
        for (index, result) in results.enumerated() {
            switch result {
            case .success(let transaction): recovered.append(transaction)
            case .failure(let fault): return .failure(.transaction(index: index, reason: "\(fault)"))
            }
        }
        return .success(recovered)
    }

    private static func one(_ transaction: Transaction) -> Result<RecoveredTransaction, TransactionFault> {
        Result { () throws(TransactionFault) in try RecoveredTransaction(transaction) }
    }

    private static func all(_ transactions: [Transaction]) -> [Result<RecoveredTransaction, TransactionFault>] {
        let chunk = 16
        let chunks = (transactions.count + chunk - 1) / chunk
        let done = Mutex([Int: [Result<RecoveredTransaction, TransactionFault>]]())
        DispatchQueue.concurrentPerform(iterations: chunks) { index in
            let range = index * chunk..<min((index + 1) * chunk, transactions.count)
            let results = transactions[range].map(one)
            done.withLock { $0[index] = results }
        }
        return done.withLock { done in (0..<chunks).flatMap { done[$0] ?? [] } }
    }
}
