import PoAIPrimitives

import struct LibP2P.PeerID

/// A peer whose status fits this node's.
public struct ChainPeer: Hashable, Sendable {
    /// Who it is.
    public var peer: PeerID
    /// Whether this node dialled.
    public var isOutbound: Bool
    /// What it said last, with its head as far as it is known since.
    public var status: ChainStatus
    /// Offences so far, without decay.
    public var offences: Int
    /// Points against it, 0 to 100.
    public var points: Double
    /// Blocks that it sent first and that were right.
    public var goodBlocks: Int
}

/// The peers of one chain: who they are, where their chains end, what they did wrong. Pure; times are those of one clock.
public struct ChainPeers: Sendable {
    /// A peer with so many points is banned.
    public static let banPoints = 100.0
    /// Points halve in this time.
    public static let halfLife = Duration.seconds(600)
    /// How long a peer stays banned.
    public static let banTime = Duration.seconds(3600)

    /// Peers that are remembered, so that leaving does not clear their points; beyond, of those that left the ones with the
    /// fewest points are forgotten.
    public static let remembered = 1024

    private struct Record {
        var offences = 0
        var points = 0.0
        var since: Duration = .zero
    }

    private var known: [PeerID: ChainPeer] = [:]
    private var records: [PeerID: Record] = [:]

    /// Nobody.
    public init() {}

    /// How many peers there are.
    public var count: Int { known.count }
    /// The peers, by id.
    public var all: [ChainPeer] {
        known.values.map { complete($0) }.sorted { $0.peer.bytes.lexicographicallyPrecedes($1.peer.bytes) }
    }

    /// The peer with this id.
    public subscript(peer: PeerID) -> ChainPeer? { known[peer].map { complete($0) } }

    /// Takes a peer in whose status fits.
    public mutating func admit(_ peer: PeerID, isOutbound: Bool, _ status: ChainStatus) {
        let good = known[peer]?.goodBlocks ?? 0
        known[peer] = ChainPeer(
            peer: peer, isOutbound: isOutbound, status: status, offences: 0, points: 0, goodBlocks: good)
    }

    /// The peer is gone; its points stay.
    public mutating func remove(_ peer: PeerID) { known[peer] = nil }

    /// The peer relayed a block that this node took: its chain is at least that long.
    public mutating func delivered(_ peer: PeerID, head: Hash32, height: UInt64, work: UInt256) {
        guard var entry = known[peer] else { return }
        entry.goodBlocks = min(entry.goodBlocks + 1, 1 << 20)
        if work > entry.status.totalWork {
            entry.status.head = head
            entry.status.height = height
            entry.status.totalWork = work
        }
        known[peer] = entry
    }

    /// Notes an offence, of a peer that may be gone already.
    public mutating func note(_ offence: Offence, of peer: PeerID, at now: Duration) -> Punishment {
        var record = decayed(records[peer], at: now)
        record.offences = min(record.offences + 1, 1 << 20)
        record.points = min(record.points + offence.points, Self.banPoints)
        let isBanned = record.points >= Self.banPoints
        if isBanned { record.points = 0 }
        remember(peer, record, at: now)
        return isBanned ? .ban(Self.banTime) : .none
    }

    /// Points of a peer at a time.
    public func points(of peer: PeerID, at now: Duration) -> Double { decayed(records[peer], at: now).points }

    private func decayed(_ record: Record?, at now: Duration) -> Record {
        guard var record else { return Record(since: now) }
        // Whole half-lives in steps, what is left linearly: no transcendental functions needed.
        var passed = max(.zero, now - record.since)
        if passed > Self.halfLife * 16 { record.points = 0 }
        while record.points > 0, passed >= Self.halfLife {
            record.points /= 2
            passed -= Self.halfLife
        }
        if passed < Self.halfLife { record.points *= 1 - (passed / Self.halfLife) / 2 }
        record.since = now
        return record
    }

    private mutating func remember(_ peer: PeerID, _ record: Record, at now: Duration) {
        records[peer] = record
        guard records.count > Self.remembered else { return }
        let gone = records.filter { known[$0.key] == nil && $0.key != peer }
        let least = gone.min { decayed($0.value, at: now).points < decayed($1.value, at: now).points }
        if let least { records[least.key] = nil }
    }

    private func complete(_ peer: ChainPeer) -> ChainPeer {
        var peer = peer
        peer.offences = records[peer.peer]?.offences ?? 0
        peer.points = records[peer.peer]?.points ?? 0
        return peer
    }
}
