extension GossipService {
    /// Follows the connections of the host.
    func note(_ event: HostEvent) {
        switch event {
        case .connected(let connection): attend(connection.peer)
        case .identified(let connection):
            let names = connection.identity?.protocols ?? []
            if names.contains(where: Self.protocols.contains) { attend(connection.peer, again: true) }
        case .disconnected(let peer): forget(peer.bytes)
        }
    }

    /// Opens a stream to a connected peer unless there is one, or the peer was found not to speak gossipsub; with `again`
    /// also then.
    func attend(_ peer: PeerID, again: Bool = false) {
        perform { state in
            guard state.isRunning else { return }
            var entry = state.peers[peer.bytes] ?? .init(id: peer, ticket: state.ticket())
            if again, case .idle(nil) = entry.phase {
                entry.phase = .idle(retryIn: 0)
                entry.attempts = 0
            }
            self.openIfDue(&entry, &state)
            state.peers[peer.bytes] = entry
        }
    }

    private func openIfDue(_ entry: inout GossipServiceState.Peer, _ state: inout GossipServiceState) {
        guard case .idle(let wait?) = entry.phase, wait <= 0 else { return }
        entry.phase = .opening
        entry.attempts += 1
        let (peer, ticket) = (entry.id, entry.ticket)
        state.jobs?.yield { [weak self] in await self?.serve(peer, ticket) }
    }

    /// Opens the stream to a peer and writes on it until it ends.
    private func serve(_ peer: PeerID, _ ticket: UInt64) async {
        let stream: any PeerStream
        do throws(StreamError) { stream = try await host.open(Self.protocols, to: peer) } catch {
            if case .unsupported = error { retry(peer, ticket, isHopeless: true) } else { retry(peer, ticket) }
            return
        }
        let link = GossipLink(stream, queueBytes: options.sendQueueBytes)
        guard register(link, stream.protocolName, peer, ticket) else {
            link.close()
            retry(peer, ticket)
            return
        }
        await link.run()
        retry(peer, ticket)
    }

    /// Tells the router of a peer. False when the peer is gone or the router refuses it.
    private func register(_ link: GossipLink, _ protocolName: String, _ peer: PeerID, _ ticket: UInt64) -> Bool {
        guard let connection = host.connections.first(where: { $0.peer == peer }) else { return false }
        let versions: [String: GossipVersion] = ["/meshsub/1.2.0": .v1_2, "/meshsub/1.1.0": .v1_1]
        return perform { state in
            guard state.isRunning, var entry = state.peers[peer.bytes], entry.ticket == ticket else { return false }
            do throws(GossipError) {
                let actions = try state.router.peerConnected(
                    peer.bytes, version: versions[protocolName] ?? .v1_0, outbound: connection.isOutbound,
                    addresses: self.options.addresses(connection.remoteAddress),
                    signedRecord: connection.identity?.signedRecord, now: self.now)
                state.add(actions)
            } catch { return false }
            entry.phase = .open(link)
            entry.inbound?.open()
            state.peers[peer.bytes] = entry
            state.links[peer.bytes] = link
            return true
        }
    }

    /// The stream to a peer ended or was not opened: it is tried again, later each time, and after the last time only when
    /// identify says that the peer speaks gossipsub. What the peer sends on its stream is not read meanwhile, so that
    /// stream is ended for the peer to open another and tell its topics again.
    private func retry(_ peer: PeerID, _ ticket: UInt64, isHopeless: Bool = false) {
        let inbound = perform { state -> GossipInbound? in
            guard var entry = state.peers[peer.bytes], entry.ticket == ticket else { return nil }
            let isLast = isHopeless || entry.attempts >= self.options.maxAttempts
            var inbound: GossipInbound?
            if case .open = entry.phase {
                state.router.peerDisconnected(peer.bytes, now: self.now)
                state.links[peer.bytes] = nil
                (inbound, entry.inbound) = (entry.inbound, nil)
            }
            entry.phase = .idle(retryIn: isLast ? nil : 1 << min(entry.attempts, 10))
            state.peers[peer.bytes] = entry
            return inbound
        }
        inbound?.close()
    }

    /// The connection to a peer is gone.
    func forget(_ peer: GossipPeerID) {
        let entry = perform { state -> GossipServiceState.Peer? in
            let entry = state.peers.removeValue(forKey: peer)
            if let link = state.links.removeValue(forKey: peer) {
                state.router.peerDisconnected(peer, now: self.now)
                _ = link
            }
            return entry
        }
        if case .open(let link) = entry?.phase { link.close() }
        entry?.inbound?.close()
    }

    /// What is done once a second.
    func beat() {
        let connected = host.connections.map(\.peer)
        let known = Set(connected.map(\.bytes))
        let found = perform { state -> (gone: [GossipPeerID], stalled: [PeerID], bad: [(PeerID, Double)]) in
            state.add(state.router.heartbeat(now: self.now))
            var found: (gone: [GossipPeerID], stalled: [PeerID], bad: [(PeerID, Double)]) = ([], [], [])
            for (key, entry) in state.peers {
                var entry = entry
                if !known.contains(key) { found.gone.append(key) }
                self.check(&entry, &state, &found.stalled, &found.bad)
                state.peers[key] = entry
            }
            return found
        }
        // Events can be missed.
        for peer in found.gone { forget(peer) }
        for peer in connected { attend(peer) }
        for peer in found.stalled { host.disconnect(peer) }
        let act = state.withLock { $0.onMisbehaviour }
        for (peer, score) in found.bad { act?(peer, score) }
    }

    private func check(
        _ entry: inout GossipServiceState.Peer, _ state: inout GossipServiceState, _ stalled: inout [PeerID],
        _ bad: inout [(PeerID, Double)]
    ) {
        if case .idle(let wait?) = entry.phase { entry.phase = .idle(retryIn: wait - 1) }
        guard case .open(let link) = entry.phase else { return }
        if link.isStalled(for: options.writeTimeout) { stalled.append(entry.id) }
        entry.badHeartbeats = isGraylisted(entry.id.bytes, state) ? entry.badHeartbeats + 1 : 0
        guard entry.badHeartbeats >= options.graylistHeartbeats else { return }
        entry.badHeartbeats = 0
        bad.append((entry.id, state.router.score(of: entry.id.bytes)))
    }
}
