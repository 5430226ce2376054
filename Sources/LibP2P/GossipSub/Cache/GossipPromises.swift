/// What peers advertised and were asked for: one id of every IWANT, taken at random, has to arrive in time, from whomever.
package struct GossipPromises: Sendable {
    private struct Promise: Sendable {
        package let peer: GossipPeerID
        package let deadline: Duration
    }

    /// The most promises at once; more are not recorded.
    package let limit: Int
    package private(set) var count = 0
    private var promises: [GossipMessageID: [Promise]] = [:]

    package init(limit: Int) { self.limit = limit }

    package mutating func add(_ id: GossipMessageID, by peer: GossipPeerID, deadline: Duration) {
        guard count < limit, promises[id]?.contains(where: { $0.peer == peer }) != true else { return }
        promises[id, default: []].append(Promise(peer: peer, deadline: deadline))
        count += 1
    }

    /// The message arrived.
    package mutating func fulfil(_ id: GossipMessageID) { count -= promises.removeValue(forKey: id)?.count ?? 0 }

    /// Releases everybody.
    package mutating func removeAll() {
        promises = [:]
        count = 0
    }

    /// Removes the promises that are overdue, and counts them by peer. A peer does not escape by disconnecting.
    package mutating func broken(now: Duration) -> [GossipPeerID: Int] {
        var counts: [GossipPeerID: Int] = [:]
        for promise in promises.values.joined() where promise.deadline <= now {
            counts[promise.peer, default: 0] += 1
        }
        guard !counts.isEmpty else { return [:] }
        promises = promises.compactMapValues { list in
            let rest = list.filter { $0.deadline > now }
            return rest.isEmpty ? nil : rest
        }
        count = promises.values.reduce(0) { $0 + $1.count }
        return counts
    }
}
