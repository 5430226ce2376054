extension DialPolicy {
    /// Remembers an address that somebody named and that ends in a peer id; false when it is known or there is no room.
    /// There is room when one that failed can go for it: of the same group when that has too many, of all otherwise.
    /// `failures` are those of an earlier run; one is left before it is forgotten.
    @discardableResult
    public mutating func learn(_ address: Multiaddr, from source: AddressSource, failures: Int = 0) -> Bool {
        let group = KademliaGroup(address)
        guard entries[address] == nil, let peer = address.peerID, address.components.count > 1 else { return false }
        let isCrowded = !isExempt(group) && groups[group, default: 0] >= limits.addressesPerGroup
        if isCrowded || entries.count >= limits.addresses {
            guard let worst = worst(of: isCrowded ? group : nil) else { return false }
            forget(worst)
        }
        let counted = max(0, min(failures, limits.failures - 1))
        entries[address] = Entry(source: source, failures: counted, peer: peer)
        groups[group, default: 0] += 1
        return true
    }

    /// The address with the most failures, at least one, that nobody named or dials now.
    private func worst(of group: KademliaGroup?) -> Multiaddr? {
        entries.filter { address, entry in
            !entry.isExplicit && !entry.isDialling && entry.failures > 0
                && (group == nil || KademliaGroup(address) == group)
        }
        .max { $0.value.failures < $1.value.failures }?.key
    }

    /// An address the operator named: dialled again for ever, free of all limits. It may be a peer id only.
    public mutating func addExplicit(_ address: Multiaddr) {
        forget(address)
        entries[address] = Entry(source: nil, peer: address.peerID)
    }

    /// Forgets the addresses of a peer that the operator named; whether there were any.
    @discardableResult
    public mutating func removeExplicit(_ peer: PeerID) -> Bool {
        let named = entries.filter { $0.value.isExplicit && $0.value.peer == peer }
        for address in named.keys { forget(address) }
        return !named.isEmpty
    }

    /// The peers that the operator named, as far as they are known.
    public var explicitPeers: Set<PeerID> { Set(entries.values.filter(\.isExplicit).compactMap(\.peer)) }

    /// Known addresses of a peer that can be dialled, those that failed least first.
    public func addresses(of peer: PeerID) -> [Multiaddr] {
        entries.filter { $0.value.peer == peer && $0.key.isReachableByTCP }
            .sorted { ($0.value.failures, $0.key.description) < ($1.value.failures, $1.key.description) }.map(\.key)
    }

    mutating func forget(_ address: Multiaddr) {
        guard let entry = entries.removeValue(forKey: address), !entry.isExplicit else { return }
        let group = KademliaGroup(address)
        let left = groups[group, default: 1] - 1
        groups[group] = left > 0 ? left : nil
    }

    func isExempt(_ group: KademliaGroup) -> Bool { exemptsLoopback && group.isLoopback }
}
