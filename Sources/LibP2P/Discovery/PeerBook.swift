/// Addresses of peers that a node remembers over restarts, bounded in all and per address group. Pure: no I/O and no clock.
public struct PeerBook: Hashable, Sendable {
    /// Bounds.
    public struct Limits: Hashable, Sendable {
        /// Addresses in all.
        public var addresses = 4096
        /// Addresses of one /24 (IPv4) or /48 (IPv6).
        public var addressesPerGroup = 32
        /// Failures in a row after which an address goes that was never reached.
        public var failures = 8
        /// Failures in a row after which any address goes.
        public var failuresAfterSuccess = 64
        /// Whether addresses of this machine are free of the limit on groups.
        public var exemptsLoopback = false

        /// The values that a node starts with.
        public init() {}
    }

    /// What is remembered of an address.
    public struct Entry: Hashable, Sendable {
        /// Who told of it first.
        public var source: AddressSource
        /// When it was reached last, in seconds since 1970; 0: never.
        public var lastSuccess: UInt64 = 0
        /// Failed dials since then, 0...`Limits.failuresAfterSuccess`.
        public var failures = 0

        /// An address that was not dialled yet.
        public init(source: AddressSource) { self.source = source }
    }

    /// Bounds.
    public let limits: Limits
    /// What is remembered, by address; each ends in the id of its peer.
    public private(set) var entries: [Multiaddr: Entry] = [:]
    private var groups: [KademliaGroup: Int] = [:]

    /// An empty book.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Remembers an address that can be dialled and ends in a peer id; false when it is known or there is no room. There
    /// is room when one that failed can go for it: of the same group when that has too many, of all otherwise.
    @discardableResult
    public mutating func learn(_ address: Multiaddr, from source: AddressSource) -> Bool {
        add(address, Entry(source: source))
    }

    /// Takes an entry as it was written.
    mutating func add(_ address: Multiaddr, _ entry: Entry) -> Bool {
        guard entries[address] == nil, address.isReachableByTCP, address.peerID != nil else { return false }
        let group = KademliaGroup(address)
        let isCrowded = !isExempt(group) && groups[group, default: 0] >= limits.addressesPerGroup
        if isCrowded || entries.count >= limits.addresses {
            guard let worst = worst(of: isCrowded ? group : nil) else { return false }
            remove(worst)
        }
        entries[address] = entry
        groups[group, default: 0] += 1
        return true
    }

    /// An address was reached, at a time in seconds since 1970.
    public mutating func reached(_ address: Multiaddr, at seconds: UInt64) {
        entries[address]?.lastSuccess = seconds
        entries[address]?.failures = 0
    }

    /// A dial failed.
    public mutating func failed(_ address: Multiaddr) {
        guard var entry = entries[address] else { return }
        entry.failures = min(entry.failures + 1, limits.failuresAfterSuccess)
        let limit = entry.lastSuccess > 0 ? limits.failuresAfterSuccess : limits.failures
        guard entry.failures < limit else { return remove(address) }
        entries[address] = entry
    }

    /// The addresses, first those that were reached last and failed least.
    public var best: [Multiaddr] {
        entries.sorted { left, right in
            if left.value == right.value { return left.key.description < right.key.description }
            return Self.isBetter(left.value, right.value)
        }
        .map(\.key)
    }

    private static func isBetter(_ left: Entry, _ right: Entry) -> Bool {
        left.failures == right.failures ? left.lastSuccess > right.lastSuccess : left.failures < right.failures
    }

    private func worst(of group: KademliaGroup?) -> Multiaddr? {
        entries.filter { $0.value.failures > 0 && (group == nil || KademliaGroup($0.key) == group) }
            .max { Self.isBetter($0.value, $1.value) }?.key
    }

    private mutating func remove(_ address: Multiaddr) {
        guard entries.removeValue(forKey: address) != nil else { return }
        let group = KademliaGroup(address)
        let left = groups[group, default: 1] - 1
        groups[group] = left > 0 ? left : nil
    }

    private func isExempt(_ group: KademliaGroup) -> Bool { limits.exemptsLoopback && group.isLoopback }
}
