/// Where an address of a peer came from.
public enum AddressSource: String, Hashable, Sendable {
    /// A Kademlia answer.
    case kademlia
    /// The peer itself, by identify.
    case identify
    /// Multicast DNS in the local network.
    case mdns
}

/// Whom to dial, and when: known addresses with their failures, bounded in all and per address group, and a choice that
/// spreads outbound connections over groups. Pure: no I/O and no clock.
public struct DialPolicy: Sendable {
    /// Bounds and times.
    public struct Limits: Hashable, Sendable {
        /// Peers below which more are dialled.
        public var target = 25
        /// Peers in all. With so many nobody is dialled whom the operator did not name.
        public var maxPeers = 256
        /// Outbound connections of one /24 (IPv4) or /48 (IPv6).
        public var outboundPerGroup = 2
        /// Dials under way at once.
        public var dials = 8
        /// Addresses remembered in all.
        public var addresses = 4096
        /// Addresses remembered of one group.
        public var addressesPerGroup = 32
        /// Failures in a row after which an address is forgotten.
        public var failures = 8
        /// Wait after a first failure; it doubles with each one.
        public var firstWait = Duration.seconds(5)
        /// The longest wait.
        public var longestWait = Duration.seconds(300)

        /// The values that a node starts with.
        public init() {}
    }

    /// What is known of an address.
    struct Entry: Sendable {
        let source: AddressSource?
        var failures = 0
        var next = Duration.zero
        var isDialling = false
        /// Who was found there.
        var peer: PeerID?

        var isExplicit: Bool { source == nil }
    }

    /// Bounds and times.
    public let limits: Limits
    let exemptsLoopback: Bool
    var entries: [Multiaddr: Entry] = [:]
    /// Addresses that nobody named, by group.
    var groups: [KademliaGroup: Int] = [:]

    /// Knows nobody yet. With `exemptsLoopback`, addresses of this machine are free of the limits on groups.
    public init(limits: Limits = Limits(), exemptsLoopback: Bool = false) {
        self.limits = limits
        self.exemptsLoopback = exemptsLoopback
    }

    /// Addresses that are known.
    public var count: Int { entries.count }

    /// Addresses to dial now, of which each has to be told to `reached` or `failed`: explicit ones that are due, and as
    /// many others as lack. Groups take turns in random order, so that many addresses of one owner do not crowd out others.
    public mutating func choose(
        connections: [PeerConnection], at now: Duration, using random: inout some RandomNumberGenerator
    ) -> [Multiaddr] {
        let connected = Set(connections.map(\.peer))
        var busy = connected
        var outbound: [KademliaGroup: Int] = [:]
        for connection in connections where connection.isOutbound {
            outbound[KademliaGroup(connection.remoteAddress), default: 0] += 1
        }
        var open = 0
        for (address, entry) in entries where entry.isDialling {
            open += 1
            outbound[KademliaGroup(address), default: 0] += 1
            if let peer = entry.peer { busy.insert(peer) }
        }
        var chosen: [Multiaddr] = []
        let due = entries.filter { !$0.value.isDialling && $0.value.next <= now }
        for address in due.keys.sorted(by: { $0.description < $1.description }).shuffled(using: &random) {
            guard let entry = due[address], entry.isExplicit else { continue }
            if let peer = entry.peer, !busy.insert(peer).inserted { continue }
            outbound[KademliaGroup(address), default: 0] += 1
            chosen.append(address)
        }
        let target = min(limits.target, limits.maxPeers)
        let wanted = min(target - connected.count - open, limits.dials - open) - chosen.count
        let others = spread(due, without: &busy, outbound: &outbound, wanted, using: &random)
        chosen += others
        for address in chosen { entries[address]?.isDialling = true }
        return chosen
    }

    private func spread(
        _ due: [Multiaddr: Entry], without busy: inout Set<PeerID>, outbound: inout [KademliaGroup: Int], _ wanted: Int,
        using random: inout some RandomNumberGenerator
    ) -> [Multiaddr] {
        let sorted = due.filter { !$0.value.isExplicit }.sorted { $0.key.description < $1.key.description }
        var waiting = Dictionary(grouping: sorted.shuffled(using: &random)) { KademliaGroup($0.key) }
        // Those that failed less come last, from where they are taken.
        for group in waiting.keys { waiting[group]?.sort { $0.value.failures > $1.value.failures } }
        var chosen: [Multiaddr] = []
        var order = Array(waiting.keys).shuffled(using: &random)
        while chosen.count < wanted, !order.isEmpty {
            order.removeAll { waiting[$0, default: []].isEmpty }
            for group in order where chosen.count < wanted {
                guard isExempt(group) || outbound[group, default: 0] < limits.outboundPerGroup else {
                    waiting[group] = []
                    continue
                }
                guard let (address, entry) = waiting[group]?.popLast(), let peer = entry.peer else { continue }
                guard busy.insert(peer).inserted else { continue }
                outbound[group, default: 0] += 1
                chosen.append(address)
            }
        }
        return chosen
    }

    /// A dial succeeded.
    public mutating func reached(_ address: Multiaddr, _ peer: PeerID) {
        entries[address]?.isDialling = false
        entries[address]?.failures = 0
        entries[address]?.next = .zero
        entries[address]?.peer = peer
    }

    /// A dial failed.
    public mutating func failed(_ address: Multiaddr, at now: Duration) {
        guard var entry = entries[address] else { return }
        entry.isDialling = false
        entry.failures = min(entry.failures + 1, 64)
        guard entry.isExplicit || entry.failures < limits.failures else { return forget(address) }
        let wait = limits.firstWait * (1 << min(entry.failures - 1, 16))
        entry.next = now + min(wait, limits.longestWait)
        entries[address] = entry
    }
}
