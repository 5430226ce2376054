/// What a lookup is for.
public enum KademliaGoal: Hashable, Sendable {
    /// The k peers closest to a key.
    case closest
    /// The peer whose id the key is; the lookup ends when it answered.
    case peer
}

/// Why a lookup ended.
public enum KademliaLookupEnd: Hashable, Sendable {
    /// The closest peers that are known all answered, or the peer that was looked for did.
    case complete
    /// A path made as many requests as it may.
    case queries
    /// Time was up.
    case deadline
}

/// What a lookup asks of its owner.
public enum KademliaLookupAction: Hashable, Sendable {
    /// Send FIND_NODE for the target to this peer, and tell what came of it by `answered` or `failed`.
    case query(KademliaPeer)
    /// This peer did not answer in time; what it still says is ignored.
    case timedOut([UInt8])
    /// The lookup is over; answers that are still under way mean nothing. The peers answered and are sorted by distance.
    case finished(KademliaLookupEnd, [KademliaPeer])
}

/// An iterative search for the peers closest to a key. Several paths ask peers at the same time and no peer is asked by two
/// of them, so that answers made up by one peer mislead only one path. It does no I/O and has no clock.
public struct KademliaLookup: Sendable {
    /// The bytes to ask for.
    public let target: [UInt8]
    /// Their point in the key space.
    public let targetKey: KademliaKey
    /// What it is for.
    public let goal: KademliaGoal
    let ownID: [UInt8]
    let limits: KademliaLimits
    let hash: KademliaHash
    let deadline: Duration
    private(set) var paths: [KademliaLookupPath]
    /// Peers that were asked, and the path that did; those that failed are left out, so another path may try.
    private(set) var owners: [[UInt8]: Int] = [:]
    private var end: KademliaLookupEnd?

    /// Starts from the closest peers of a table, or from others.
    ///
    /// - Parameter seeds: peers to start from; those of the table if nil.
    public init(
        _ target: [UInt8], goal: KademliaGoal = .closest, in table: KademliaTable, seeds: [KademliaPeer]? = nil,
        at now: Duration
    ) {
        self.target = target
        self.goal = goal
        limits = table.limits
        hash = table.hash
        ownID = table.ownID
        targetKey = hash(target)
        deadline = now + limits.lookupTimeout
        paths = Array(repeating: KademliaLookupPath(), count: max(1, limits.paths))
        let start = seeds ?? table.closest(to: targetKey, count: limits.bucketSize)
        for (index, peer) in start.enumerated() { learn(peer, on: index % paths.count) }
    }

    /// Whether the lookup is over.
    public var isFinished: Bool { end != nil }

    /// When `tick` has something to do; nil once the lookup is over.
    public var nextDeadline: Duration? {
        guard end == nil else { return nil }
        return min(deadline, paths.compactMap(\.earliestQuery).min().map { $0 + limits.queryTimeout } ?? deadline)
    }

    /// The first requests.
    public mutating func start(at now: Duration) -> [KademliaLookupAction] { advance(at: now) }

    /// A peer answered. Answers nobody waits for are ignored.
    ///
    /// - Parameter closer: what it says is closest; more than k are ignored.
    public mutating func answered(
        _ id: [UInt8], closer: [KademliaPeer], at now: Duration
    ) -> [KademliaLookupAction] {
        guard end == nil, let path = owners[id], paths[path].answered(id) else { return [] }
        if goal == .peer, id == target { return finish(.complete) }
        for peer in closer.prefix(limits.bucketSize) { learn(peer, on: path) }
        return advance(at: now)
    }

    /// A peer could not be reached or answered nonsense.
    public mutating func failed(_ id: [UInt8], at now: Duration) -> [KademliaLookupAction] {
        guard end == nil, let path = owners[id], paths[path].failed(id) else { return [] }
        owners[id] = nil
        return advance(at: now)
    }

    /// Lets time pass: gives up requests that take too long, or all.
    public mutating func tick(at now: Duration) -> [KademliaLookupAction] {
        guard end == nil else { return [] }
        guard now < deadline else { return finish(.deadline) }
        let late = paths.flatMap { $0.queries(before: now - limits.queryTimeout) }
        guard !late.isEmpty else { return [] }
        for id in late {
            if let path = owners[id], paths[path].failed(id) { owners[id] = nil }
        }
        return late.map { .timedOut($0) } + advance(at: now)
    }

    private mutating func learn(_ peer: KademliaPeer, on path: Int) {
        guard peer.id != ownID, let peer = limits.bounded(peer) else { return }
        paths[path].learn(peer, distance: targetKey.distance(to: hash(peer.id)), limits: limits)
    }

    private mutating func advance(at now: Duration) -> [KademliaLookupAction] {
        var actions: [KademliaLookupAction] = []
        for index in paths.indices {
            while let peer = paths[index].next(at: now, limits: limits, isTaken: { [owners] in owners[$0] != nil }) {
                owners[peer.id] = index
                actions.append(.query(peer))
            }
        }
        guard paths.allSatisfy({ $0.earliestQuery == nil }) else { return actions }
        return actions + finish(paths.contains { $0.isCutShort } ? .queries : .complete)
    }

    private mutating func finish(_ reason: KademliaLookupEnd) -> [KademliaLookupAction] {
        end = reason
        let answered = paths.flatMap(\.answeredPeers).sorted { $0.distance < $1.distance }
        return [.finished(reason, answered.prefix(limits.bucketSize).map(\.peer))]
    }
}
