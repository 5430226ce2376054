import PoAIPrimitives

/// The transactions of one sender in the order of their nonces. The first `pendingCount` are executable: their nonces
/// follow the account's without a gap, and the account can pay them all. As many as possible are.
struct AccountQueue {
    private(set) var account: MempoolAccount
    private(set) var entries: [PoolEntry] = []
    /// For each entry, the least worth of it and those before it.
    private(set) var worths: [Worth] = []
    private(set) var pendingCount = 0
    /// Wei that the pending ones may cost altogether.
    private(set) var pendingCost = UInt256.zero
    /// When the queue changed last, in seconds.
    var lastActivity: UInt64 = 0
    /// Changes with every change of the queue.
    var stamp: UInt64 = 0

    init(account: MempoolAccount) { self.account = account }

    /// The nonce that the next executable transaction must have. A transaction's nonce is below 2^64 - 1.
    var nextNonce: UInt64 {
        pendingCount == 0 ? account.nonce : entries[pendingCount - 1].nonce &+ 1
    }

    /// Where a transaction with this nonce is or would be.
    func position(of nonce: UInt64) -> Int {
        if let last = entries.last, last.nonce < nonce { return entries.count }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].nonce < nonce { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func entry(nonce: UInt64) -> PoolEntry? {
        let index = position(of: nonce)
        return index < entries.count && entries[index].nonce == nonce ? entries[index] : nil
    }

    /// How the entry at `index` would fare as the last one.
    func evictionKey(at index: Int) -> EvictionKey {
        EvictionKey(isPending: index < pendingCount, worth: worths[index], arrival: entries[index].arrival)
    }

    /// Puts an entry in its place; gives back the one that had its nonce.
    mutating func put(_ entry: PoolEntry, baseFee: UInt256) -> PoolEntry? {
        let index = position(of: entry.nonce)
        retreat(to: index)
        defer { settle(from: index, baseFee: baseFee) }
        guard index < entries.count, entries[index].nonce == entry.nonce else {
            entries.insert(entry, at: index)
            return nil
        }
        let old = entries[index]
        entries[index] = entry
        return old
    }

    /// Takes the highest nonce out.
    mutating func removeLast() -> PoolEntry? {
        guard !entries.isEmpty else { return nil }
        retreat(to: entries.count - 1)
        worths.removeLast()
        return entries.removeLast()
    }

    /// Takes out what cannot be executed now.
    mutating func removeQueued() -> [PoolEntry] {
        let removed = Array(entries[pendingCount...])
        entries.removeLast(removed.count)
        worths.removeLast(removed.count)
        return removed
    }

    /// Follows a new head: other account, other base fee.
    ///
    /// - Parameter reason: why an entry must leave; nil if it stays.
    /// - Returns: what left, in the order of nonces.
    mutating func update(
        account: MempoolAccount, baseFee: UInt256, reason: (PoolEntry) -> RemovalReason?
    ) -> [(entry: PoolEntry, reason: RemovalReason)] {
        self.account = account
        var removed: [(PoolEntry, RemovalReason)] = []
        retreat(to: 0)
        entries.removeAll { entry in
            guard let reason = reason(entry) else { return false }
            removed.append((entry, reason))
            return true
        }
        settle(from: 0, baseFee: baseFee)
        return removed
    }

    /// Makes the entries from `index` on not pending.
    private mutating func retreat(to index: Int) {
        while pendingCount > index {
            pendingCount -= 1
            pendingCost = pendingCost &- entries[pendingCount].cost
        }
    }

    /// Computes anew what depends on the entries from `start` on.
    private mutating func settle(from start: Int, baseFee: UInt256) {
        worths.removeLast(max(0, worths.count - start))
        for entry in entries[start...] {
            let own = Worth(entry.fields, baseFee: baseFee)
            worths.append(worths.last.map { min($0, own) } ?? own)
        }
        while pendingCount < entries.count, let sum = account.funds(pendingCost, and: entries[pendingCount].cost) {
            guard entries[pendingCount].nonce == nextNonce else { return }
            pendingCost = sum
            pendingCount += 1
        }
    }
}

extension MempoolAccount {
    /// The sum of the two costs if the balance covers it.
    func funds(_ first: UInt256, and second: UInt256) -> UInt256? {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow || sum > balance ? nil : sum
    }
}
