/// Until when pruned peers must not be grafted again, by topic. Outlives the connection.
package struct GossipBackoffs: Sendable {
    package let limit: Int
    package private(set) var expiries: [String: [GossipPeerID: Duration]] = [:]

    package init(limit: Int) { self.limit = max(1, limit) }

    package func expiry(_ peer: GossipPeerID, topic: String) -> Duration? { expiries[topic]?[peer] }

    /// Never shortens a backoff. If there are too many, the one that ends first is forgotten.
    package mutating func set(_ peer: GossipPeerID, topic: String, until expiry: Duration) {
        var peers = expiries.removeValue(forKey: topic) ?? [:]
        if peers[peer] == nil && peers.count >= limit {
            let first = peers.min { left, right in
                left.value == right.value
                    ? left.key.lexicographicallyPrecedes(right.key) : left.value < right.value
            }
            if let first { peers[first.key] = nil }
        }
        peers[peer] = max(peers[peer] ?? expiry, expiry)
        expiries[topic] = peers
    }

    /// Forgets the backoffs that ended before `time`.
    package mutating func expire(before time: Duration) {
        expiries = expiries.compactMapValues { peers in
            let rest = peers.filter { $0.value >= time }
            return rest.isEmpty ? nil : rest
        }
    }
}
