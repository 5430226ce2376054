/// Which connections and streams a host has, and whether one more may be. It has no clock: instants are durations since
/// any fixed point in time. A connection is known by a number that its owner chose.
public struct ConnectionGate: Sendable {
    /// Somebody who is banned.
    public enum Banned: Hashable, Sendable {
        /// A peer, wherever it is.
        case peer(PeerID)
        /// An address, whoever is there; `ip4` or `ip6`.
        case address(Multiaddr.Component)
    }

    private struct Entry {
        let address: Multiaddr.Component?
        let isOutbound: Bool
        let since: Duration
        var peer: PeerID?
        var streams = 0
        var idleSince: Duration
    }

    /// What may be.
    public let limits: ConnectionLimits
    private var entries: [UInt64: Entry] = [:]
    private var addresses: [Multiaddr.Component: Int] = [:]
    private var networks: [[UInt8]: Int] = [:]
    private var peers: [PeerID: (connections: Int, streams: Int)] = [:]
    private var inbound = 0
    private var upgrading = 0
    private var streams = 0
    private var bans: [Banned: Duration] = [:]
    private var protected: Set<PeerID> = []

    /// Nothing is there yet.
    public init(limits: ConnectionLimits) { self.limits = limits }

    /// Connections, those that are being upgraded included.
    public var count: Int { entries.count }
    /// Open streams of all connections.
    public var streamCount: Int { streams }

    // MARK: Connections

    /// A connection from or to `address` is there, to be upgraded.
    /// - Throws: `refused`, `limit`; then it is not counted.
    public mutating func begin(
        _ number: UInt64, from address: Multiaddr.Component?, isOutbound: Bool, at now: Duration
    ) throws(HostError) {
        if let address { try check(.address(address), at: now) }
        guard entries.count < limits.connections else { throw .limit("connections") }
        if !isOutbound {
            guard inbound < limits.inbound else { throw .limit("inbound connections") }
            guard upgrading < limits.upgrading else { throw .limit("connections that are being upgraded") }
        }
        if let address, limits.limitsLoopback || !Self.isLoopback(address) {
            guard addresses[address, default: 0] < limits.perAddress else { throw .limit("connections of an address") }
            guard networks[Self.network(address), default: 0] < limits.perNetwork else {
                throw .limit("connections of a network")
            }
        }
        count(Entry(address: address, isOutbound: isOutbound, since: now, idleSince: now), 1)
        entries[number] = Entry(address: address, isOutbound: isOutbound, since: now, idleSince: now)
    }

    /// The connection is upgraded, with `peer` at its other end.
    /// - Throws: `refused`, `limit`; then the connection is to be ended.
    public mutating func establish(_ number: UInt64, with peer: PeerID, at now: Duration) throws(HostError) {
        try check(.peer(peer), at: now)
        guard var entry = entries[number], entry.peer == nil else { throw .refused("the connection is gone") }
        guard peers[peer]?.connections ?? 0 < limits.perPeer else { throw .limit("connections with a peer") }
        count(entry, -1)
        entry.peer = peer
        entry.idleSince = now
        entries[number] = entry
        count(entry, 1)
    }

    /// The connection is gone. A second time changes nothing.
    public mutating func end(_ number: UInt64) {
        guard let entry = entries.removeValue(forKey: number) else { return }
        count(entry, -1)
    }

    private mutating func count(_ entry: Entry, _ sign: Int) {
        inbound += entry.isOutbound ? 0 : sign
        upgrading += entry.isOutbound || entry.peer != nil ? 0 : sign
        streams += entry.streams * sign
        if let address = entry.address {
            Self.add(sign, to: &addresses[address])
            Self.add(sign, to: &networks[Self.network(address)])
        }
        guard let peer = entry.peer else { return }
        let old = peers[peer] ?? (0, 0)
        let new = (connections: old.connections + sign, streams: old.streams + entry.streams * sign)
        peers[peer] = new.connections == 0 ? nil : new
    }

    private static func add(_ number: Int, to count: inout Int?) {
        let sum = (count ?? 0) + number
        count = sum == 0 ? nil : sum
    }

    // MARK: Streams

    /// The connection has so many streams now.
    public mutating func setStreams(_ number: UInt64, to count: Int, at now: Duration) {
        guard var entry = entries[number] else { return }
        self.count(entry, -1)
        if count == 0, entry.streams > 0 { entry.idleSince = now }
        entry.streams = count
        entries[number] = entry
        self.count(entry, 1)
    }

    /// The limit that the streams of a connection are above, all together or with its peer; nil when there is none.
    public func streamExcess(_ number: UInt64) -> String? {
        guard streams <= limits.streams else { return "streams" }
        guard let peer = entries[number]?.peer, let count = peers[peer]?.streams else { return nil }
        return count > limits.streamsPerPeer ? "streams with a peer" : nil
    }

    // MARK: Bans

    /// Refuses somebody for some time.
    public mutating func ban(_ banned: Banned, until end: Duration, at now: Duration) {
        bans = bans.filter { $0.value > now }
        bans[banned] = max(end, bans[banned] ?? end)
        guard bans.count > limits.bans, let first = bans.min(by: { $0.value < $1.value }) else { return }
        bans[first.key] = nil
    }

    /// Refuses who is banned.
    /// - Throws: `refused`.
    public func check(_ banned: Banned, at now: Duration) throws(HostError) {
        guard let end = bans[banned], end > now else { return }
        switch banned {
        case .peer(let peer): throw .refused("peer \(peer) is banned")
        case .address: throw .refused("the address is banned")
        }
    }

    // MARK: What is to be ended

    /// Keeps the connections to a peer, or no longer.
    public mutating func protect(_ peer: PeerID, _ isProtected: Bool) {
        if isProtected { protected.insert(peer) } else { protected.remove(peer) }
    }

    /// Connections to end: those without streams for too long, and, above the high water mark, those with the fewest
    /// streams, of these the newest first, down to the low water mark. Connections with protected peers, young ones, and
    /// those that are being upgraded stay.
    public func surplus(at now: Duration) -> [UInt64] {
        let candidates = entries.filter { entry in
            entry.value.peer.map { !protected.contains($0) } ?? false
        }
        var ended = Set(candidates.filter { $0.value.streams == 0 && now - $0.value.idleSince >= limits.idle }.keys)
        let established = entries.values.count { $0.peer != nil } - ended.count
        if established > limits.highWater {
            let trimmed = candidates.filter { !ended.contains($0.key) && now - $0.value.since >= limits.grace }
                .sorted { ($0.value.streams, $1.key) < ($1.value.streams, $0.key) }
            ended.formUnion(trimmed.prefix(established - limits.lowWater).map(\.key))
        }
        return ended.sorted()
    }

    // MARK: Addresses

    private static func isLoopback(_ address: Multiaddr.Component) -> Bool {
        switch address {
        case .ip4(let ip): ip.bytes.first == 127
        case .ip6(let ip): ip.bytes.dropLast().allSatisfy { $0 == 0 } && ip.bytes.last == 1
        default: false
        }
    }

    private static func network(_ address: Multiaddr.Component) -> [UInt8] {
        switch address {
        case .ip4(let ip): Array(ip.bytes.prefix(3))
        case .ip6(let ip): Array(ip.bytes.prefix(7))
        default: []
        }
    }
}
