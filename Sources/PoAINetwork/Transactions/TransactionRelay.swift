import PoAIPrimitives

import struct LibP2P.PeerID

/// Decides which announced transactions are fetched from whom, and which of the own ones are announced. Pure; times are those
/// of one clock. Each hash has at most one request in flight; when it fails, another announcer is asked.
public struct TransactionRelay: Sendable {
    struct Source: Sendable {
        var peer: PeerID
        /// Bytes that it says; nil when it did not say.
        var size: Int?
    }

    struct Want: Sendable {
        /// Who is asked, or is to be asked next.
        var source: Source
        /// Others that announced it and were not asked.
        var spares: [Source] = []
        var stage = Stage.queued
        /// Whether it was announced on the topic.
        var isPublic: Bool
        var until: Duration
    }

    enum Stage: Hashable, Sendable { case queued, requested(UInt64), judging }

    struct Peer: Sendable {
        var announced: TokenBucket
        var bytes: TokenBucket
        var requests: TokenBucket
        /// Hashes to ask it for.
        var queue: [Hash32] = []
        var requested = 0
        var inFlight = 0
        var missed = 0
        /// Transactions that it delivered and the pool has not judged yet. It is asked for more after that, so that
        /// transactions of one sender come to the pool in their order.
        var judging = 0
    }

    struct Request: Sendable {
        var peer: PeerID
        var hashes: [Hash32]
        var estimate: Int
        var until: Duration
    }

    /// What is kept and done at most.
    public let limits: Limits
    var recent: RecentHashes
    var wants: [Hash32: Want] = [:]
    var peers: [PeerID: Peer] = [:]
    var requests: [UInt64: Request] = [:]
    var nextID: UInt64 = 0
    var outbox: [TransactionAnnouncement.Entry] = []
    var outboxSince: Duration = .zero

    /// Nobody is there, nothing is known.
    public init(limits: Limits = Limits()) {
        self.limits = limits
        recent = RecentHashes(capacity: limits.known)
    }

    /// Hashes that are being fetched, or wait for it.
    public var wantedCount: Int { wants.count }
    /// Requests without an answer.
    public var requestCount: Int { requests.count }

    /// A peer that may announce.
    public mutating func admit(_ peer: PeerID, at now: Duration) {
        guard peers[peer] == nil, peers.count < limits.peers else { return }
        func bucket(_ size: (burst: Int, rate: Int)) -> TokenBucket {
            TokenBucket(capacity: size.burst, perSecond: size.rate, at: now)
        }
        peers[peer] = Peer(
            announced: bucket(limits.announced), bytes: bucket(limits.bytes), requests: bucket(limits.requests))
    }

    /// A peer announced on the topic what this pool does not have. Peers that were not admitted are not listened to.
    /// - Returns: the hashes whose outcome will come.
    public mutating func announced(
        _ entries: [TransactionAnnouncement.Entry], by peer: PeerID, at now: Duration
    ) -> [Hash32] {
        entries.compactMap { entry in
            guard !recent.isSettled(entry.hash, at: now) else { return nil }
            let source = Source(peer: peer, size: entry.size)
            if join(entry.hash, source, isPublic: true) { return entry.hash }
            guard peers[peer]?.announced.take(1, at: now) == true else { return nil }
            return want(entry.hash, source, isPublic: true, at: now) ? entry.hash : nil
        }
    }

    /// A peer that was asked named what it has and this pool has not.
    /// - Parameter isPublic: whether what comes of it shall not be announced.
    /// - Returns: the hashes whose outcome will come.
    public mutating func offered(_ hashes: [Hash32], by peer: PeerID, isPublic: Bool, at now: Duration) -> [Hash32] {
        hashes.filter { hash in
            guard !recent.isSettled(hash, at: now) else { return false }
            let source = Source(peer: peer, size: nil)
            return join(hash, source, isPublic: isPublic) || want(hash, source, isPublic: isPublic, at: now)
        }
    }

    /// The hash is wanted already: one more may be asked.
    private mutating func join(_ hash: Hash32, _ source: Source, isPublic: Bool) -> Bool {
        guard var want = wants[hash], peers[source.peer] != nil else { return false }
        want.isPublic = want.isPublic || isPublic
        let isListed = want.source.peer == source.peer || want.spares.contains { $0.peer == source.peer }
        if !isListed, want.spares.count + 1 < limits.announcers { want.spares.append(source) }
        wants[hash] = want
        return true
    }

    private mutating func want(_ hash: Hash32, _ source: Source, isPublic: Bool, at now: Duration) -> Bool {
        guard wants[hash] == nil, wants.count < limits.wanted, enqueue(hash, source.peer) else { return false }
        wants[hash] = Want(source: source, isPublic: isPublic, until: now + limits.wantTime)
        return true
    }

    /// Puts a hash into a peer's queue, if there is room.
    mutating func enqueue(_ hash: Hash32, _ peer: PeerID) -> Bool {
        guard let entry = peers[peer], entry.queue.count + entry.requested < limits.wantedPerPeer else { return false }
        peers[peer]?.queue.append(hash)
        return true
    }
}
