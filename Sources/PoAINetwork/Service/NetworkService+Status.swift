import LibP2P
import PoAIChain
import PoAITypes

/// Statuses: what peers say of their chains, and what this node says of its own.
extension NetworkService {
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
            } catch WireError.version(let theirs) {
                self?.refuse(peer, HandshakeFault.version(theirs: theirs, ours: ChainStatus.version).description)
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

    func answer(status bytes: [UInt8], of peer: PeerID) async -> [UInt8]? {
        let own = ownStatus()
        do throws(WireError) { take(status: try ChainStatus(bytes), of: peer) } catch {
            guard case .version(let theirs) = error else {
                note(.malformed, of: peer)
                return nil
            }
            turnAway(peer, .version(theirs: theirs, ours: own.version))
        }
        return own.encoded()
    }

    private func ownStatus() -> ChainStatus {
        ChainStatus(of: chain.head, spec: chain.spec, genesis: names.genesis, agent: agent)
    }

    private func take(status: ChainStatus, of peer: PeerID) {
        do throws(HandshakeFault) {
            try ownStatus().check(theirs: status, expected: chain.spec.model(at: status.height))
        } catch { return turnAway(peer, error) }
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

    /// Refuses a peer after it was told this node's status, so that it can name the difference as well.
    private func turnAway(_ peer: PeerID, _ fault: HandshakeFault) {
        state.withLock { state in
            state.strangers.remove(peer)
            state.peers.remove(peer)
        }
        report(.refused(peer, "\(fault)"))
        Task { [host] in
            // Time for the answer.
            try? await Task.sleep(for: .seconds(1))
            host.disconnect(peer)
        }
    }
}
