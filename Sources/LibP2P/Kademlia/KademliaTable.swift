/// What came of offering a peer to the table.
public enum KademliaInsertion: Hashable, Sendable {
    /// It has a place now.
    case inserted
    /// It took the place of one that failed.
    case replaced([UInt8])
    /// It was there before.
    case refreshed
    /// Its bucket is full and it waits. If an id is given, that peer was silent for long and should be pinged; `failed`
    /// or `seen` tells the table what came of it.
    case waiting(check: [UInt8]?)
    /// It is this node itself.
    case own
    /// Its id is empty or too long, or it has no address.
    case malformed
    /// Too many peers of its address group are in the bucket or in the table.
    case group
}

/// The peers a node knows, by distance: 256 buckets of k, as in Kademlia. Long-lived peers keep their places; newcomers get
/// one when a peer fails. Only peers that were really reached belong here.
public struct KademliaTable: Sendable {
    /// The node's own peer id.
    public let ownID: [UInt8]
    /// Its point in the key space.
    public let ownKey: KademliaKey
    /// Sizes and times.
    public let limits: KademliaLimits
    let hash: KademliaHash
    private(set) var buckets = [KademliaBucket](repeating: KademliaBucket(), count: KademliaKey.bitCount)
    private(set) var groups: [KademliaGroup: Int] = [:]

    /// An empty table.
    ///
    /// - Parameter hash: SHA-256 for libp2p.
    public init(ownID: [UInt8], limits: KademliaLimits = KademliaLimits(), hash: @escaping KademliaHash) {
        self.ownID = ownID
        self.limits = limits
        self.hash = hash
        ownKey = hash(ownID)
    }

    /// Peers that have a place.
    public var count: Int { buckets.reduce(0) { $0 + $1.entries.count } }

    /// The peer of an id that has a place.
    public subscript(id: [UInt8]) -> KademliaPeer? {
        guard let place = place(of: hash(id)), let index = buckets[place].index(of: id) else { return nil }
        return buckets[place].entries[index].peer
    }

    /// Offers a peer that answered or asked.
    ///
    /// - Parameter address: the binary multiaddr at which it was reached, not one it claims to have.
    public mutating func insert(_ peer: KademliaPeer, reachedAt address: [UInt8], at now: Duration) -> KademliaInsertion
    {
        guard peer.id != ownID else { return .own }
        let key = hash(peer.id)
        guard let peer = limits.bounded(peer), !peer.addresses.isEmpty, let place = place(of: key) else {
            return .malformed
        }
        let group = KademliaGroup(multiaddr: address)
        let entry = KademliaEntry(peer: peer, key: key, group: group, lastSeen: now)
        if let index = buckets[place].index(of: peer.id) { return refresh(place, index, with: entry) }
        guard buckets[place].entries.count >= limits.bucketSize else {
            guard mayEnter(group, place) else { return .group }
            add(entry, to: place)
            return .inserted
        }
        if let worst = buckets[place].worst, mayEnter(group, place, insteadOf: worst.group) {
            remove(worst.peer.id, from: place)
            add(entry, to: place)
            return .replaced(worst.peer.id)
        }
        buckets[place].wait(entry, limits: limits)
        let stalest = buckets[place].stalest.flatMap { now - $0.lastSeen >= limits.staleness ? $0.peer.id : nil }
        return .waiting(check: stalest)
    }

    /// A peer answered or asked; it counts as alive.
    public mutating func seen(_ id: [UInt8], at now: Duration) {
        guard let place = place(of: hash(id)), let index = buckets[place].index(of: id) else { return }
        buckets[place].update(index) {
            $0.lastSeen = max($0.lastSeen, now)
            $0.failures = 0
        }
    }

    /// A peer could not be reached or did not answer. It leaves at once if another one waits for its place.
    ///
    /// - Returns: true if it left.
    @discardableResult
    public mutating func failed(_ id: [UInt8]) -> Bool {
        guard let place = place(of: hash(id)) else { return false }
        buckets[place].forgetReplacement(id)
        guard let index = buckets[place].index(of: id) else { return false }
        buckets[place].update(index) { $0.failures += 1 }
        let entry = buckets[place].entries[index]
        let next = buckets[place].replacements.last { mayEnter($0.group, place, insteadOf: entry.group) }
        guard next != nil || entry.failures >= limits.failures else { return false }
        remove(id, from: place)
        if let next { add(next, to: place) }
        return true
    }

    /// The peers closest to a point, closest first.
    ///
    /// - Parameter excluded: ids to leave out.
    public func closest(to key: KademliaKey, count: Int, excluding excluded: Set<[UInt8]> = []) -> [KademliaPeer] {
        buckets.flatMap(\.entries)
            .filter { !excluded.contains($0.peer.id) }
            .map { (distance: key.distance(to: $0.key), peer: $0.peer) }
            .sorted { $0.distance < $1.distance }
            .prefix(max(0, count)).map(\.peer)
    }

    /// The bucket of a point: the number of first bits it shares with the own one; nil for the own one.
    func place(of key: KademliaKey) -> Int? {
        let place = ownKey.commonPrefixLength(with: key)
        return place < KademliaKey.bitCount ? place : nil
    }

    /// A peer that moved to a group without room keeps its place and its old address.
    private mutating func refresh(_ place: Int, _ index: Int, with entry: KademliaEntry) -> KademliaInsertion {
        let old = buckets[place].entries[index]
        let mayMove = mayEnter(entry.group, place, insteadOf: old.group)
        if mayMove {
            count(old.group, by: -1)
            count(entry.group, by: 1)
        }
        buckets[place].update(index) {
            if mayMove { ($0.peer, $0.group) = (entry.peer, entry.group) }
            $0.lastSeen = max($0.lastSeen, entry.lastSeen)
            $0.failures = 0
        }
        return .refreshed
    }

    private func mayEnter(_ group: KademliaGroup, _ place: Int, insteadOf leaving: KademliaGroup? = nil) -> Bool {
        if limits.isExempt(group) { return true }
        let freed = leaving == group ? 1 : 0
        return buckets[place].count(of: group) - freed < limits.groupInBucket
            && groups[group, default: 0] - freed < limits.groupInTable
    }

    private mutating func add(_ entry: KademliaEntry, to place: Int) {
        buckets[place].append(entry)
        count(entry.group, by: 1)
    }

    private mutating func remove(_ id: [UInt8], from place: Int) {
        guard let entry = buckets[place].remove(id) else { return }
        count(entry.group, by: -1)
    }

    private mutating func count(_ group: KademliaGroup, by change: Int) {
        let sum = groups[group, default: 0] + change
        groups[group] = sum == 0 ? nil : sum
    }
}
