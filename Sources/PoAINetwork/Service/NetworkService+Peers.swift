import LibP2P
import PoAIChain
import PoAITypes

/// Who belongs to the network, and what they do wrong.
extension NetworkService {
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

    private func refuse(_ peer: PeerID, _ reason: String) {
        report(.refused(peer, reason))
        host.disconnect(peer)
    }

    /// Exchanges statuses with all peers again: heads may have changed by other ways than announcements.
    func refresh() {
        for peer in state.withLock({ $0.peers.all }) { exchange(with: peer.peer) }
    }

    /// Asks a peer for its status and tells it this node's.
    func exchange(with peer: PeerID) {
        Task { [weak self, host, names, times] in
            guard let own = self?.ownStatus() else { return }
            do {
                let answer = try await Exchange.ask(
                    peer, names.status, own.encoded(), limit: WireLimits.status, within: times.status, on: host)
                self?.take(status: try ChainStatus(answer), of: peer)
            } catch is WireError {
                self?.note(.malformed, of: peer)
                self?.refuse(peer, "its status is no message of this protocol")
            } catch StreamError.unsupported {
                self?.refuse(peer, "it is not on this chain")
            } catch {
                // Streams fail for many reasons; a peer that stays silent is given up elsewhere.
            }
        }
    }

    private func answer(status bytes: [UInt8], of peer: PeerID) async -> [UInt8]? {
        guard let status = try? ChainStatus(bytes) else {
            note(.malformed, of: peer)
            return nil
        }
        let own = ownStatus()
        // The peer may be told first, so that it can name the difference as well.
        take(status: status, of: peer)
        return own.encoded()
    }

    private func ownStatus() -> ChainStatus {
        ChainStatus(of: chain.head, spec: chain.spec, genesis: names.genesis, agent: agent)
    }

    private func take(status: ChainStatus, of peer: PeerID) {
        do throws(HandshakeFault) {
            try ownStatus().check(theirs: status, expected: chain.spec.model(at: status.height))
        } catch {
            state.withLock { state in
                state.strangers.remove(peer)
                state.peers.remove(peer)
            }
            let reason = "\(error)"
            report(.refused(peer, reason))
            Task { [host] in
                // Time for the answer that tells the peer the same.
                try? await Task.sleep(for: .seconds(1))
                host.disconnect(peer)
            }
            return
        }
        guard let connection = host.connections.first(where: { $0.peer == peer }) else { return }
        let isNew = state.withLock { state in
            state.strangers.remove(peer)
            defer { state.peers.admit(peer, isOutbound: connection.isOutbound, status) }
            return state.peers[peer] == nil
        }
        if isNew {
            report(.joined(peer, address: connection.remoteAddress, status, isOutbound: connection.isOutbound))
            transactions?.peerAdmitted(peer)
        }
        let claim = SyncClaim(head: status.head, height: status.height, totalWork: status.totalWork)
        Task { [weak self] in await self?.tellSync { (driver) in try await driver.peer(peer, claims: claim) } }
    }

    private func tellSync(_ body: (SyncDriver) async throws -> Void) async {
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
