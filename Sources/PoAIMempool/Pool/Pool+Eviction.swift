import PoAIPrimitives
import PoAITypes

extension Pool {
    /// What must leave so that `entry` can come: nothing while there is room, else the last transactions of the senders
    /// who pay least. Nothing is removed yet.
    ///
    /// - Returns: the victims in the order in which they are to be removed.
    /// - Throws: `accountLimit`, `underpriced` or `full`.
    mutating func makeRoom(
        for entry: PoolEntry, replacing old: PoolEntry?, in queue: AccountQueue
    ) throws(MempoolFault) -> [PoolEntry] {
        var search = VictimSearch(
            entry: entry, key: queue.keyAfterPutting(entry, baseFee: head.baseFee),
            missingCount: count + (old == nil ? 1 : 0) - limits.count,
            missingBytes: bytes - (old?.bytes ?? 0) + entry.bytes - limits.bytes)
        if old == nil, queue.entries.count >= limits.perAccount {
            guard limits.perAccount > 0, let last = queue.entries.last, last.nonce > entry.nonce else {
                throw .accountLimit(limit: limits.perAccount)
            }
            search.take(last)
        }
        if search.isDone { return search.victims }
        var seen: [Tail] = []
        let found = find(&search, &seen)
        for tail in seen { tails.push(tail) }
        if found { return search.victims }
        throw fullFault(for: entry, isPending: search.key.isPending)
    }

    /// Looks at tails from the cheapest on until there is room or none is cheaper than the new one.
    private mutating func find(_ search: inout VictimSearch, _ seen: inout [Tail]) -> Bool {
        // Those that become tails by what is taken.
        var exposed = Heap<Tail>()
        while !search.isDone {
            let stored = currentTail()
            guard let tail = [stored, exposed.first].compactMap({ $0 }).min(), tail.key < search.key else {
                return false
            }
            if tail == stored, let taken = tails.pop() { seen.append(taken) } else { _ = exposed.pop() }
            guard let queue = accounts[tail.sender] else { return false }
            if let next = search.take(from: queue, at: tail.key) {
                exposed.push(Tail(key: queue.evictionKey(at: next), sender: tail.sender, stamp: tail.stamp))
            }
        }
        return true
    }

    /// The cheapest tail that is not outdated.
    private mutating func currentTail() -> Tail? {
        while let tail = tails.first {
            if accounts[tail.sender]?.stamp == tail.stamp { return tail }
            _ = tails.pop()
        }
        return nil
    }

    private func fullFault(for entry: PoolEntry, isPending: Bool) -> MempoolFault {
        if !isPending { return .full(count: count, bytes: bytes) }
        let price = entry.fields.effectiveGasPrice(baseFee: head.baseFee)
        return .underpriced(tip: price.map { $0 &- head.baseFee }, baseFee: head.baseFee)
    }

    /// Removes the highest nonce of a sender.
    mutating func removeTail(of sender: Address) {
        guard let account = accounts[sender]?.account else { return }
        if let removed = withQueue(of: sender, account: account, { $0.removeLast() }) { forget(removed) }
    }
}

/// The way to enough room for one transaction.
private struct VictimSearch {
    let entry: PoolEntry
    let key: EvictionKey
    /// Transactions and bytes by which the pool would be over its limits.
    var missingCount: Int
    var missingBytes: Int
    private(set) var victims: [PoolEntry] = []
    private var taken: [Address: Int] = [:]

    init(entry: PoolEntry, key: EvictionKey, missingCount: Int, missingBytes: Int) {
        self.entry = entry
        self.key = key
        self.missingCount = missingCount
        self.missingBytes = missingBytes
    }

    var isDone: Bool { missingCount <= 0 && missingBytes <= 0 }

    mutating func take(_ victim: PoolEntry) {
        victims.append(victim)
        taken[victim.transaction.sender, default: 0] += 1
        missingCount -= 1
        missingBytes -= victim.bytes
    }

    /// Takes the last entry of the queue that was not taken yet, if it has this key. Of the own sender only those after the
    /// new one can go.
    ///
    /// - Returns: the place of the entry to look at next; nil if there is none.
    mutating func take(from queue: AccountQueue, at key: EvictionKey) -> Int? {
        let index = queue.entries.count - 1 - (taken[queue.sender] ?? 0)
        guard index >= 0 else { return nil }
        guard queue.evictionKey(at: index) == key else { return index }
        let victim = queue.entries[index]
        let isOwn = victim.transaction.sender == entry.transaction.sender
        if isOwn, victim.nonce <= entry.nonce { return nil }
        take(victim)
        return index > 0 ? index - 1 : nil
    }
}

extension AccountQueue {
    /// Whose transactions these are.
    fileprivate var sender: Address { entries.first?.transaction.sender ?? .zero }

    /// The key that `entry` would have in this queue.
    fileprivate func keyAfterPutting(_ entry: PoolEntry, baseFee: UInt256) -> EvictionKey {
        let index = position(of: entry.nonce)
        let own = Worth(entry.fields, baseFee: baseFee)
        let before = pendingCost &- (index < pendingCount ? entries[index].cost : .zero)
        return EvictionKey(
            isPending: entry.nonce <= nextNonce && account.funds(before, and: entry.cost) != nil,
            worth: index > 0 ? min(worths[index - 1], own) : own, arrival: entry.arrival)
    }
}
