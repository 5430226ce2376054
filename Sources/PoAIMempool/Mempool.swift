import PoAIPrimitives
import PoAITypes
import Synchronization

/// Transactions that wait for a block, for any number of threads. The rules are those of geth's pool: see docs/mempool.md.
public final class Mempool: Sendable {
    private let pool: Mutex<Pool>
    private let state: any MempoolState
    private let clock: @Sendable () -> UInt64
    private let events = PendingEvents()
    /// What the pool takes.
    public let limits: MempoolLimits

    /// An empty pool.
    ///
    /// - Parameters:
    ///   - chainID: the only chain whose transactions it takes.
    ///   - state: the state after the current head.
    ///   - head: what the next block is like.
    ///   - clock: seconds that never go back.
    public init(
        chainID: UInt64, limits: MempoolLimits = MempoolLimits(), state: any MempoolState, head: MempoolHead,
        clock: @escaping @Sendable () -> UInt64
    ) {
        pool = Mutex(Pool(chainID: chainID, limits: limits, head: head))
        self.limits = limits
        self.state = state
        self.clock = clock
    }

    /// Takes a transaction in if the rules allow.
    public func add(_ transaction: RecoveredTransaction) -> Result<Admission, MempoolFault> {
        let now = clock()
        let result = pool.withLock { pool in
            let result = Result { () throws(MempoolFault) in
                try pool.add(transaction, now: now) { (sender) throws(MempoolStateError) in try state.account(sender) }
            }
            if case .success(let admission) = result { events.enqueue(admission.becamePending) }
            return result
        }
        events.deliver()
        return result
    }

    /// Decodes an envelope of EIP-2718, recovers its sender, and takes it in if the rules allow.
    public func add(encoded bytes: [UInt8]) -> Result<Admission, MempoolFault> {
        Result { () throws(MempoolFault) in try recover(bytes) }.flatMap { add($0) }
    }

    /// Follows the chain to a new head. Call once for every change, in order, after it is committed.
    ///
    /// - Parameters:
    ///   - head: what the block after the new head is like.
    ///   - mined: transactions of the blocks that were added.
    ///   - returned: transactions of the blocks that were removed, in any order.
    /// - Throws: when the state cannot be read; nothing is changed then, and the next change repairs all but `returned`.
    @discardableResult
    public func headChanged(
        to head: MempoolHead, mined: [RecoveredTransaction], returned: [RecoveredTransaction]
    ) throws(MempoolStateError) -> PoolChange {
        let now = clock()
        let result = pool.withLock { pool in
            let result = Result { () throws(MempoolStateError) in
                try pool.headChanged(to: head, mined: mined, returned: returned, now: now) {
                    (sender) throws(MempoolStateError) in try state.account(sender)
                }
            }
            if case .success(let change) = result { events.enqueue(change.becamePending) }
            return result
        }
        events.deliver()
        return try result.get()
    }

    /// Drops what could not be executed for too long. New heads do it too.
    @discardableResult
    public func removeExpired() -> PoolChange {
        let now = clock()
        return pool.withLock { $0.removeExpired(now: now) }
    }

    /// Calls `receive` with what becomes executable, outside of all locks, in order, until the subscription goes.
    public func subscribe(_ receive: @escaping @Sendable ([RecoveredTransaction]) -> Void) -> PendingSubscription {
        PendingSubscription(events, receive)
    }

    /// The account at the head.
    func account(_ sender: Address) throws(MempoolStateError) -> MempoolAccount { try state.account(sender) }

    /// Reads the pool while nothing changes.
    func read<R: Sendable>(_ body: (borrowing Pool) -> sending R) -> R { pool.withLock { body($0) } }

    /// Cheap reasons to refuse come before the expensive recovery.
    private func recover(_ bytes: [UInt8]) throws(MempoolFault) -> RecoveredTransaction {
        guard bytes.count <= limits.transactionBytes else {
            throw .oversized(got: bytes.count, limit: limits.transactionBytes)
        }
        let transaction: Transaction
        do throws(TransactionDecodingError) { transaction = try Transaction(encoded: bytes) } catch {
            throw .undecodable(error)
        }
        let hash = transaction.hash
        if self.transaction(hash) != nil { throw .alreadyKnown(hash) }
        do throws(TransactionFault) { return try RecoveredTransaction(transaction) } catch { throw .invalid(error) }
    }
}
