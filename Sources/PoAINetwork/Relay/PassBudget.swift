import struct LibP2P.PeerID

/// Forward passes that each peer may cause: a bucket that fills by time, and by right blocks. Pure.
public struct PassBudget: Sendable {
    /// Passes that a peer may cause at once.
    public static let burst = 8.0
    /// Time after which a peer may cause one more.
    public static let refill = Duration.seconds(5)
    /// Peers whose buckets are kept; beyond, the ones touched first are forgotten.
    public static let peers = 1024

    private struct Bucket {
        var passes: Double
        var since: Duration
    }

    private var buckets: [PeerID: Bucket] = [:]
    private var order: [PeerID] = []

    /// Full buckets for everybody.
    public init() {}

    /// Takes one pass from the peer's bucket; false when it is empty.
    public mutating func take(_ peer: PeerID, at now: Duration) -> Bool {
        var bucket = filled(peer, at: now)
        let isThere = bucket.passes >= 1
        if isThere { bucket.passes -= 1 }
        keep(peer, bucket)
        return isThere
    }

    /// Gives the pass back that a right block took.
    public mutating func earn(_ peer: PeerID, at now: Duration) {
        var bucket = filled(peer, at: now)
        bucket.passes = min(bucket.passes + 1, Self.burst)
        keep(peer, bucket)
    }

    private func filled(_ peer: PeerID, at now: Duration) -> Bucket {
        guard var bucket = buckets[peer] else { return Bucket(passes: Self.burst, since: now) }
        bucket.passes = min(bucket.passes + max(.zero, now - bucket.since) / Self.refill, Self.burst)
        bucket.since = now
        return bucket
    }

    private mutating func keep(_ peer: PeerID, _ bucket: Bucket) {
        if buckets.updateValue(bucket, forKey: peer) == nil { order.append(peer) }
        if order.count > Self.peers { buckets[order.removeFirst()] = nil }
    }
}
