/// One path of a lookup: the peers it heard of, closest first.
struct KademliaLookupPath: Sendable {
    enum State: Hashable {
        case waiting
        case asked(since: Duration)
        case answered
        case failed
    }

    struct Candidate: Hashable {
        var peer: KademliaPeer
        let distance: KademliaKey
        var state: State
    }

    private(set) var candidates: [Candidate] = []
    private(set) var queries = 0
    /// It would have asked another peer but for the limit.
    private(set) var isCutShort = false

    /// When the oldest request under way was made; nil if none is.
    var earliestQuery: Duration? { asked.map(\.since).min() }

    var answeredPeers: [Candidate] { candidates.filter { $0.state == .answered } }

    private var asked: [(id: [UInt8], since: Duration)] {
        candidates.compactMap { if case .asked(let since) = $0.state { ($0.peer.id, since) } else { nil } }
    }

    func queries(before instant: Duration) -> [[UInt8]] { asked.filter { $0.since <= instant }.map(\.id) }

    /// Adds a peer or what is new about one. The furthest ones that were not asked are forgotten.
    mutating func learn(_ peer: KademliaPeer, distance: KademliaKey, limits: KademliaLimits) {
        if let index = candidates.firstIndex(where: { $0.peer.id == peer.id }) {
            let old = candidates[index].peer.addresses
            let new = peer.addresses.filter { !old.contains($0) }
            return candidates[index].peer.addresses = Array((old + new).prefix(limits.addresses))
        }
        let place = candidates.firstIndex { $0.distance > distance } ?? candidates.endIndex
        candidates.insert(Candidate(peer: peer, distance: distance, state: .waiting), at: place)
        guard candidates.count > limits.candidatesPerPath else { return }
        if let last = candidates.lastIndex(where: { $0.state == .waiting }) { candidates.remove(at: last) }
    }

    /// The peer to ask now: the closest one not asked among the k closest that did not fail. Those that another path asks
    /// do not count.
    ///
    /// - Parameter isTaken: whether a path asked the peer of an id.
    mutating func next(at now: Duration, limits: KademliaLimits, isTaken: ([UInt8]) -> Bool) -> KademliaPeer? {
        guard asked.count < limits.parallelism else { return nil }
        var passed = 0
        for (index, candidate) in candidates.enumerated() where passed < limits.bucketSize {
            switch candidate.state {
            case .failed: continue
            case .asked, .answered: passed += 1
            case .waiting:
                if isTaken(candidate.peer.id) { continue }
                guard queries < limits.queriesPerPath else {
                    isCutShort = true
                    return nil
                }
                queries += 1
                candidates[index].state = .asked(since: now)
                return candidate.peer
            }
        }
        return nil
    }

    /// False: nobody waits for that answer.
    mutating func answered(_ id: [UInt8]) -> Bool { conclude(id, .answered) }

    /// False: nobody waits for that answer.
    mutating func failed(_ id: [UInt8]) -> Bool { conclude(id, .failed) }

    private mutating func conclude(_ id: [UInt8], _ state: State) -> Bool {
        guard let index = candidates.firstIndex(where: { $0.peer.id == id }) else { return false }
        guard case .asked = candidates[index].state else { return false }
        candidates[index].state = state
        return true
    }
}
