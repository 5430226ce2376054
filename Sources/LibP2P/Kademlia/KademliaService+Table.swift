extension KademliaService {
    /// Offers a peer to the table when identify says that it speaks the protocol and it answers a first request.
    func consider(_ connection: PeerConnection) {
        guard let identity = connection.identity, identity.protocols.contains(protocolName) else { return }
        let peer = connection.peer
        let isTaken = state.withLock { state in
            guard state.table[peer.bytes] == nil, state.checked.count < bounds.checks else { return false }
            return state.checked.insert(peer).inserted
        }
        guard isTaken else { return }
        let known = described(connection)
        Task { [weak self] in
            guard let self else { return }
            let isAlive = await self.ask(known, .ping) != nil
            self.state.withLock { _ = $0.checked.remove(peer) }
            if isAlive { self.reached(peer) }
        }
    }

    /// A peer answered a request: it gets its place in the table.
    func reached(_ peer: PeerID) {
        let now = now
        guard let connection = host.connections.first(where: { $0.peer == peer }) else { return }
        // A peer that did not tell what it speaks yet did answer, so it speaks the protocol.
        let protocols = connection.identity?.protocols ?? [protocolName]
        guard protocols.contains(protocolName) else { return }
        let insertion = state.withLock {
            $0.table.insert(
                described(connection), reachedAt: connection.remoteAddress.bytes, at: now)
        }
        guard case .waiting(let silent?) = insertion else { return }
        Task { [weak self] in await self?.check(silent) }
    }

    func failed(_ id: [UInt8]) { state.withLock { _ = $0.table.failed(id) } }

    /// Whether a peer that was silent for long is still there.
    private func check(_ id: [UInt8]) async {
        guard let peer = state.withLock({ $0.table[id] }) else { return }
        let answer = await ask(peer, .ping)
        let now = now
        state.withLock { if answer == nil { _ = $0.table.failed(id) } else { $0.table.seen(id, at: now) } }
    }

    /// A connected peer with the addresses that it tells and that may be believed. The address that was dialled comes
    /// first; where a peer that came by itself has its port is not known, so only what it tells counts.
    private func described(_ connection: PeerConnection) -> KademliaPeer {
        let scope = AddressScope(connection.remoteAddress)
        let dialled = connection.isOutbound ? [connection.remoteAddress] : []
        let told = connection.identity?.listenAddresses ?? []
        let usable = (dialled + told.filter { policy.mayShare($0, with: scope) }).compactMap(\.withoutPeer)
        var unique: [Multiaddr] = []
        for address in usable where policy.mayUse(address) && !unique.contains(address) { unique.append(address) }
        return KademliaPeer(id: connection.peer.bytes, addresses: unique.map(\.bytes), connection: .connected)
    }
}
