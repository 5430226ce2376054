/// A peer of the table.
struct KademliaEntry: Hashable, Sendable {
    var peer: KademliaPeer
    let key: KademliaKey
    /// The group of the address at which it was reached.
    var group: KademliaGroup
    /// When it last answered or asked.
    var lastSeen: Duration
    /// Failures since then.
    var failures = 0
}

/// Peers whose keys share the same number of first bits with the node's own.
struct KademliaBucket: Hashable, Sendable {
    private(set) var entries: [KademliaEntry] = []
    /// The last one is the one seen last.
    private(set) var replacements: [KademliaEntry] = []

    func count(of group: KademliaGroup) -> Int { entries.count { $0.group == group } }

    func index(of id: [UInt8]) -> Int? { entries.firstIndex { $0.peer.id == id } }

    /// The one that was not heard of for the longest time.
    var stalest: KademliaEntry? { entries.min { $0.lastSeen < $1.lastSeen } }

    /// The one to give up first among those that failed since they were last seen.
    var worst: KademliaEntry? {
        entries.filter { $0.failures > 0 }.max { ($0.failures, $1.lastSeen) < ($1.failures, $0.lastSeen) }
    }

    mutating func append(_ entry: KademliaEntry) {
        replacements.removeAll { $0.peer.id == entry.peer.id }
        entries.append(entry)
    }

    mutating func update(_ index: Int, _ body: (inout KademliaEntry) -> Void) { body(&entries[index]) }

    @discardableResult
    mutating func remove(_ id: [UInt8]) -> KademliaEntry? {
        guard let index = index(of: id) else { return nil }
        return entries.remove(at: index)
    }

    /// Remembers a peer for which there is no place; of one group no more than the bucket may hold.
    mutating func wait(_ entry: KademliaEntry, limits: KademliaLimits) {
        replacements.removeAll { $0.peer.id == entry.peer.id }
        let isFull = replacements.count { $0.group == entry.group } >= limits.groupInBucket
        guard limits.isExempt(entry.group) || !isFull else { return }
        replacements.append(entry)
        if replacements.count > limits.replacements { replacements.removeFirst() }
    }

    mutating func forgetReplacement(_ id: [UInt8]) { replacements.removeAll { $0.peer.id == id } }
}
