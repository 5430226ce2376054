import PoAIPrimitives
import PoAITypes

extension Pool {
    /// Follows the chain to a new head: what is mined or became impossible leaves, what an abandoned branch held comes back,
    /// and who is executable is decided anew.
    ///
    /// - Parameters:
    ///   - mined: in the blocks that were added.
    ///   - returned: in the blocks that were removed, in any order.
    ///   - now: in seconds.
    ///   - account: the state after the new head.
    /// - Throws: what `account` throws; the pool is unchanged then.
    package mutating func headChanged(
        to head: MempoolHead, mined: [RecoveredTransaction], returned: [RecoveredTransaction], now: UInt64,
        account read: (Address) throws(MempoolStateError) -> MempoolAccount
    ) throws(MempoolStateError) -> PoolChange {
        var fresh: [Address: MempoolAccount] = [:]
        for sender in accounts.keys { fresh[sender] = try read(sender) }
        for sender in returned.map(\.sender) where fresh[sender] == nil { fresh[sender] = try read(sender) }
        let before = pendingHashes
        let minedHashes = Set(mined.map(\.hash))
        self.head = head
        var change = PoolChange()
        change.removed = follow(fresh, minedHashes, now)
        takeBack(returned.filter { !minedHashes.contains($0.hash) }, fresh, now, &change)
        change.removed += removeExpired(now: now).removed
        change.becamePending = pendingEntries.filter { !before.contains($0.hash) }.map(\.transaction)
        return change
    }

    /// Drops what could not be executed for longer than `limits.lifetime` at `now`, in seconds.
    package mutating func removeExpired(now: UInt64) -> PoolChange {
        let lifetime = limits.lifetime
        let late = accounts.filter { _, queue in
            queue.pendingCount < queue.entries.count && now > queue.lastActivity && now - queue.lastActivity > lifetime
        }
        var removed: [PoolEntry] = []
        for (sender, queue) in late {
            removed += withQueue(of: sender, account: queue.account) { $0.removeQueued() }
        }
        for entry in removed { forget(entry) }
        var change = PoolChange()
        change.removed = removed.sorted { $0.arrival < $1.arrival }.map { Removal(hash: $0.hash, reason: .expired) }
        return change
    }

    /// Gives every queue its new account and base fee.
    private mutating func follow(
        _ fresh: [Address: MempoolAccount], _ mined: Set<Hash32>, _ now: UInt64
    ) -> [Removal] {
        let head = head
        var removed: [(entry: PoolEntry, reason: RemovalReason)] = []
        for sender in Array(accounts.keys) {
            let account = fresh[sender] ?? MempoolAccount()
            removed += withQueue(of: sender, account: account) { queue in
                let before = queue.pendingCount
                let gone = queue.update(account: account, baseFee: head.baseFee) { entry in
                    mined.contains(entry.hash) ? .mined : account.reasonToDrop(entry, head)
                }
                if !gone.isEmpty || queue.pendingCount != before { queue.lastActivity = now }
                return gone
            }
        }
        for (entry, _) in removed { forget(entry) }
        rebuildTails()
        return removed.sorted { $0.entry.arrival < $1.entry.arrival }
            .map { Removal(hash: $0.entry.hash, reason: $0.reason) }
    }

    private mutating func takeBack(
        _ returned: [RecoveredTransaction], _ fresh: [Address: MempoolAccount], _ now: UInt64,
        _ change: inout PoolChange
    ) {
        let ordered = returned.enumerated().sorted {
            ($0.element.fields.nonce, $0.offset) < ($1.element.fields.nonce, $1.offset)
        }
        for (_, transaction) in ordered {
            do throws(MempoolFault) {
                let admission = try add(transaction, now: now) { fresh[$0] ?? MempoolAccount() }
                change.removed += admission.evicted.map { Removal(hash: $0, reason: .evicted) }
                if let replaced = admission.replaced {
                    change.removed.append(Removal(hash: replaced, reason: .replaced))
                }
            } catch {
                change.refused.append(Refusal(hash: transaction.hash, fault: error))
            }
        }
    }

    private var pendingHashes: Set<Hash32> {
        Set(accounts.values.lazy.flatMap { $0.entries[..<$0.pendingCount] }.map(\.hash))
    }

    /// All that can be executed, first come first.
    private var pendingEntries: [PoolEntry] {
        accounts.values.flatMap { $0.entries[..<$0.pendingCount] }.sorted { $0.arrival < $1.arrival }
    }
}

extension MempoolAccount {
    /// Why an entry of this account can never be executed.
    fileprivate func reasonToDrop(_ entry: PoolEntry, _ head: MempoolHead) -> RemovalReason? {
        if entry.nonce < nonce { return .nonceUsed }
        if entry.cost > balance { return .unaffordable }
        return entry.fields.gasLimit > head.gasLimit ? .gasLimit : nil
    }
}
