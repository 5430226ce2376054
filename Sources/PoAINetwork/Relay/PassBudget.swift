import struct LibP2P.PeerID

/// Forward passes that each peer may cause: a bucket that fills by time, and by right blocks. Pure.
public struct PassBudget: Sendable {
    /// Passes that a peer may cause at once.
    public static let burst = 8.0
    /// Time after which a peer may cause one more.
    public static let refill = Duration.seconds(5)
    /// Buckets that are kept. Full ones are as good as none; when no bucket fills up, no more peers are served.
    public static let peers = 1024

    private struct Bucket {
        var passes: Double
        var since: Duration
    }

    private var buckets: [PeerID: Bucket] = [:]

    /// Full buckets for everybody.
    public init() {}

    /// Takes one pass from the peer's bucket; false when it is empty.
    public mutating func take(_ peer: PeerID, at now: Duration) -> Bool {
        var bucket = filled(peer, at: now)
        guard bucket.passes >= 1, hasRoom(for: peer, at: now) else { return false }
        bucket.passes -= 1
        buckets[peer] = bucket
        return true
    }

    /// Gives the pass back that a right block took.
    public mutating func earn(_ peer: PeerID, at now: Duration) {
        guard buckets[peer] != nil else { return }
        var bucket = filled(peer, at: now)
        bucket.passes = min(bucket.passes + 1, Self.burst)
        buckets[peer] = bucket
    }

    /// Gives back a pass that was not run.
    public mutating func giveBack(_ peer: PeerID) {
        guard let bucket = buckets[peer] else { return }
        buckets[peer]?.passes = min(bucket.passes + 1, Self.burst)
    }

    private func filled(_ peer: PeerID, at now: Duration) -> Bucket {
        guard var bucket = buckets[peer] else { return Bucket(passes: Self.burst, since: now) }
        bucket.passes = min(bucket.passes + max(.zero, now - bucket.since) / Self.refill, Self.burst)
        bucket.since = now
        return bucket
    }

    /// A bucket that is not full is never dropped, or a crowd of peers could refill it.
    private mutating func hasRoom(for peer: PeerID, at now: Duration) -> Bool {
        if buckets[peer] != nil || buckets.count < Self.peers { return true }
        for id in Array(buckets.keys) where filled(id, at: now).passes >= Self.burst { buckets[id] = nil }
        return buckets.count < Self.peers
    }
}
