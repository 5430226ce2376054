import PoAIPrimitives
import PoAITypes

/// The rules of the pool, without clock or lock: what comes in is decided by what is in and by the arguments alone.
package struct Pool: Sendable {
    let chainID: UInt64
    package let limits: MempoolLimits
    /// What the next block is like.
    package internal(set) var head: MempoolHead
    /// Senders with at least one transaction.
    var accounts: [Address: AccountQueue] = [:]
    var byHash: [Hash32: PoolEntry] = [:]
    /// Encoded size of all.
    package internal(set) var bytes = 0
    /// Executable ones of all senders.
    package internal(set) var pendingCount = 0
    /// The last transactions of all senders, and outdated ones.
    var tails = Heap<Tail>()
    var arrivals: UInt64 = 0
    var stamps: UInt64 = 0

    /// An empty pool.
    package init(chainID: UInt64, limits: MempoolLimits, head: MempoolHead) {
        self.chainID = chainID
        var limits = limits
        limits.count = max(0, limits.count)
        limits.bytes = max(0, limits.bytes)
        self.limits = limits
        self.head = head
    }

    /// Transactions altogether.
    package var count: Int { byHash.count }

    /// Transactions that cannot be executed now.
    package var queuedCount: Int { count - pendingCount }

    /// The transaction of this name.
    package func transaction(_ hash: Hash32) -> RecoveredTransaction? { byHash[hash]?.transaction }

    /// The nonce after the last executable one; nil if nothing of this sender is here.
    package func nextNonce(_ sender: Address) -> UInt64? { accounts[sender]?.nextNonce }

    /// Changes the queue of a sender, removes it where nothing is left, and keeps the sums.
    ///
    /// - Parameter account: for a sender that has no queue yet.
    mutating func withQueue<R>(of sender: Address, account: MempoolAccount, _ body: (inout AccountQueue) -> R) -> R {
        // Taken out and put back, so that the queue's arrays are changed in place.
        var queue = accounts[sender] ?? AccountQueue(account: account)
        accounts[sender] = nil
        pendingCount -= queue.pendingCount
        let result = body(&queue)
        pendingCount += queue.pendingCount
        stamps &+= 1
        queue.stamp = stamps
        guard !queue.entries.isEmpty else { return result }
        noteTail(of: sender, queue)
        accounts[sender] = queue
        if tails.count > 4 * accounts.count + 64 { rebuildTails() }
        return result
    }

    /// Remembers who would go first of a queue that changed.
    private mutating func noteTail(of sender: Address, _ queue: AccountQueue) {
        tails.push(Tail(key: queue.evictionKey(at: queue.entries.count - 1), sender: sender, stamp: queue.stamp))
    }

    /// Forgets outdated tails.
    mutating func rebuildTails() {
        tails = Heap(
            accounts.map { sender, queue in
                Tail(key: queue.evictionKey(at: queue.entries.count - 1), sender: sender, stamp: queue.stamp)
            })
    }
}
