import Dispatch
import PoAIPrimitives
import PoAIStorage
import PoAITypes
import Synchronization

/// What is stored about an executed block besides its state, encoded on another core while the state is written.
///
/// Whoever comes first does the work: another thread, or the one that asks for the result, so that nothing depends on
/// another thread being free.
final class EncodedRecords: Sendable {
    struct Records: Sendable {
        /// The undo record as stored.
        let undo: [UInt8]
        /// RLP list of the receipts.
        let receipts: [UInt8]
        /// Of the block's transactions, in their order.
        let transactionHashes: [Hash32]
    }

    /// Fewer transactions are not worth another thread.
    private static let parallelFrom = 32

    private let executed: Executed
    private let isClaimed = Mutex(false)
    private let records = Mutex<Records?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Begins with the records of a block.
    init(of executed: Executed) {
        self.executed = executed
        guard executed.block.transactions.count >= Self.parallelFrom else { return }
        DispatchQueue.global(qos: .userInitiated).async { self.work() }
    }

    /// The records; waits for them if another thread is at them. To be asked for once.
    func result() -> Records {
        if !work() { isDone.wait() }
        guard let records = records.withLock({ $0 }) else { preconditionFailure("the work is done") }
        return records
    }

    /// Encodes unless someone does already; returns whether it did.
    @discardableResult
    private func work() -> Bool {
        let isMine = isClaimed.withLock { isClaimed in
            defer { isClaimed = true }
            return !isClaimed
        }
        guard isMine else { return false }
        let encoded = Records(
            undo: executed.undo.storedBytes,
            receipts: RLP.encode(.list(executed.receipts.map { .bytes($0.encoded()) })),
            transactionHashes: executed.block.transactions.map(\.hash))
        records.withLock { $0 = encoded }
        isDone.signal()
        return true
    }
}
