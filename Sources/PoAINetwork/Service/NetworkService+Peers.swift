import LibP2P
import PoAIChain
import PoAITypes

/// Who belongs to the network, and what they do wrong.
extension NetworkService {
    /// How many nodes of this chain are connected.
    public var peerCount: Int { state.withLock { $0.peers.count } }

    /// The nodes of this chain that are connected.
    public var peers: [NetworkPeer] {
        let connections = host.connections
        return state.withLock { $0.peers.all }.map { peer in
            let connection = connections.first { $0.peer == peer.peer }
            return NetworkPeer(
                chain: peer, address: connection?.remoteAddress, agent: peer.status.agent,
                protocols: connection?.identity?.protocols ?? [], score: gossip.score(of: peer.peer),
                roundTrip: connection?.roundTrip)
        }
    }

    /// Serves statuses and the chain.
    func serve() {
        host.serve(names.status) { [weak self, times] stream in
            await Exchange.serve(stream, limit: WireLimits.status, within: times.status) { [weak self] bytes in
                await self?.answer(status: bytes, of: stream.peer)
            }
        }
        let serving = SyncServing(server: ChainServer(chain.reader))
        host.serve(names.sync) { [weak self] stream in
            guard self?.isAdmitted(stream.peer) == true else { return stream.reset() }
            await Exchange.serve(stream, limit: WireLimits.request, within: SyncServing.time) { serving.answer($0) }
        }
    }

    /// Follows the connections of the host: who dialled asks for the status, who was dialled waits for the question.
    func follow(_ event: HostEvent) {
        switch event {
        case .connected(let connection):
            let isNew = state.withLock { state in
                state.peers[connection.peer] == nil && state.strangers.insert(connection.peer).inserted
            }
            guard isNew else { return }
            if connection.isOutbound { exchange(with: connection.peer) }
            Task { [weak self, times] in
                try? await Task.sleep(for: times.status)
                self?.giveUp(connection.peer)
            }
        case .identified: break
        case .disconnected(let peer):
            let wasAdmitted = state.withLock { state in
                state.strangers.remove(peer)
                defer { state.peers.remove(peer) }
                return state.peers[peer] != nil
            }
            guard wasAdmitted else { return }
            report(.left(peer))
            transactions?.peerLeft(peer)
            Task { [weak self] in await self?.tellSync { (driver) in try await driver.left(peer) } }
        }
    }

    /// Ends the connection to a peer that did not say which chain it is on.
    private func giveUp(_ peer: PeerID) {
        guard state.withLock({ $0.strangers.remove(peer) }) != nil else { return }
        refuse(peer, "it did not say which chain it is on")
    }

    func refuse(_ peer: PeerID, _ reason: String) {
        report(.refused(peer, reason))
        host.disconnect(peer)
    }

    func tellSync(_ body: (SyncDriver) async throws -> Void) async {
        guard let sync else { return }
        do { try await body(sync) } catch { report(.failed("sync: \(error)")) }
    }

    /// What the relay of blocks tells of a peer.
    func take(_ report: BlockRelayService.Report, of peer: PeerID) {
        switch report {
        case .offence(let offence): note(offence, of: peer)
        case .ahead: exchange(with: peer)
        case .delivered(let header):
            let hash = header.hash
            guard let work = try? chain.reader.totalWork(hash) else { return }
            state.withLock { $0.peers.delivered(peer, head: hash, height: header.number, work: work) }
        }
    }

    /// Notes an offence, and bans for the last one too many.
    func note(_ offence: Offence, of peer: PeerID) {
        guard case .ban(let time) = state.withLock({ $0.peers.note(offence, of: peer, at: now) }) else { return }
        report(.banned(peer, offence))
        host.ban(peer, for: time)
    }
}
