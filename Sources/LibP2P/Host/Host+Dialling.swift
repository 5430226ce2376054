extension Host {
    /// Dials a peer unless it is connected already. An address is dialled once at a time: who wants it meanwhile gets the
    /// result of that dial. Other addresses of the same peer are dialled beside it, or a false one, on which a dial hangs
    /// until its time is up, would keep a right one waiting.
    /// - Throws: `HostError`.
    public func connect(to address: Multiaddr) async throws(HostError) -> PeerID {
        if let peer = address.peerID {
            guard peer != id else { throw .ownAddress }
            if registry.withLock({ $0.connections(to: peer).contains { !$0.isLeaving } }) { return peer }
        }
        guard !registry.withLock({ $0.isStopped }) else { throw .stopped }
        try checkBans(address)
        return try await beginOrJoinDial(address).value.get()
    }

    private func beginOrJoinDial(_ address: Multiaddr) -> HostRegistry.Dial {
        registry.withLock { registry in
            if let dial = registry.dials[address] { return dial }
            let dial = HostRegistry.Dial { [self] in
                let result: Result<PeerID, HostError>
                do { result = .success(try await self.dial(address)) } catch { result = .failure(HostError(error)) }
                self.registry.withLock { $0.dials[address] = nil }
                return result
            }
            registry.dials[address] = dial
            return dial
        }
    }

    private func dial(_ address: Multiaddr) async throws -> PeerID {
        try await transport.dial(address) { [self] peer, channel in
            try install(peer, channel, isOutbound: true)
        }.peer.id
    }

    /// Refuses an address that leads to somebody who is banned.
    private func checkBans(_ address: Multiaddr) throws(HostError) {
        let gate = registry.withLock { $0.gate }
        if let peer = address.peerID { try gate.check(.peer(peer), at: Self.now) }
        if let host = address.components.first { try gate.check(.address(host), at: Self.now) }
    }
}

extension HostError {
    /// What a failed connection means.
    init(_ error: any Error) {
        switch error {
        case let error as HostError: self = error
        case let error as TransportError: self = .transport(error)
        default: self = .system(String(describing: error))
        }
    }
}
