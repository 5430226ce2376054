import LibP2P
import PoAITestSupport
import Testing

/// Spreads any bytes over the key space, without cryptography.
@Sendable func kademliaTestHash(_ bytes: [UInt8]) -> KademliaKey {
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var random = DeterministicRandom(seed: seed ^ UInt64(bytes.count) << 56)
    return KademliaKey(digest: random.bytes(32))
}

/// The key that a peer id spells out.
@Sendable func kademliaPlainHash(_ bytes: [UInt8]) -> KademliaKey { KademliaKey(digest: bytes) }

/// A binary multiaddr with an IPv4 address and TCP port 1.
func kademliaAddress(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> [UInt8] { [4, a, b, c, d, 6, 0, 1] }

/// A peer of its own address group, for numbers below 2²⁴.
func kademliaPeer(_ number: Int) -> KademliaPeer {
    let bytes = [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    return KademliaPeer(id: [0x12, 0x20] + bytes, addresses: [kademliaAddress(bytes[0], bytes[1], bytes[2], 1)])
}

/// Nodes that know each other as a network that ran for a while would, with the true answers to compare.
struct KademliaWorld {
    private(set) var tables: [[UInt8]: KademliaTable] = [:]
    let peers: [KademliaPeer]
    private let keys: [KademliaKey]

    init(nodes: Int, seed: UInt64, known: Int = 100) {
        var random = DeterministicRandom(seed: seed)
        peers = (0..<nodes).map { kademliaPeer($0) }
        keys = peers.map { kademliaTestHash($0.id) }
        for peer in peers {
            var table = KademliaTable(ownID: peer.id, hash: kademliaTestHash)
            let near = closest(to: kademliaTestHash(peer.id), count: 25)
            let far = (0..<known).map { _ in peers[random.below(nodes)] }
            for other in near + far { _ = table.insert(other, reachedAt: other.addresses[0], at: .zero) }
            #expect(table.brokenInvariants == [])
            tables[peer.id] = table
        }
    }

    func closest(to key: KademliaKey, count: Int) -> [KademliaPeer] {
        zip(peers, keys).map { (peer: $0, distance: key.distance(to: $1)) }
            .sorted { $0.distance < $1.distance }.prefix(count).map(\.peer)
    }

    func table(_ peer: KademliaPeer) throws -> KademliaTable { try #require(tables[peer.id]) }
}

/// Runs a lookup to its end and keeps what it asked.
struct KademliaLookupRun {
    private(set) var asked: [[UInt8]] = []
    private(set) var end: KademliaLookupEnd?
    private(set) var found: [KademliaPeer] = []

    /// - Parameter answer: what a peer answers; nil for one that cannot be reached.
    init(
        _ lookup: inout KademliaLookup, seed: UInt64 = 0, answer: (KademliaPeer) throws -> [KademliaPeer]?
    ) rethrows {
        var random = DeterministicRandom(seed: seed)
        var open: [KademliaPeer] = []
        var actions = lookup.start(at: .zero)
        while true {
            for action in actions {
                switch action {
                case .query(let peer):
                    open.append(peer)
                    asked.append(peer.id)
                case .timedOut: Issue.record("no time passes")
                case .finished(let end, let found):
                    #expect(self.end == nil)
                    (self.end, self.found) = (end, found)
                }
            }
            #expect(lookup.brokenInvariants == [])
            guard end == nil, !open.isEmpty else { break }
            let peer = open.remove(at: random.below(open.count))
            if let closer = try answer(peer) {
                actions = lookup.answered(peer.id, closer: closer, at: .zero)
            } else {
                actions = lookup.failed(peer.id, at: .zero)
            }
        }
        #expect(lookup.isFinished)
    }
}
