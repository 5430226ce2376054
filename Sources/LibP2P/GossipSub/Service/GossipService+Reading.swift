extension GossipService {
    /// Reads the stream of a peer until it ends. A newer one of the same peer takes its place.
    func read(_ stream: any PeerStream) async {
        let inbound = GossipInbound(stream)
        guard admit(inbound) else { return stream.reset() }
        await inbound.opened()
        var messages = StreamMessages(stream)
        do throws(StreamError) {
            while let bytes = try await messages.next(limit: GossipRPC.maximumBytes) {
                guard let rpc = try? GossipRPC(encoded: bytes) else { throw .malformed }
                guard receive(rpc, inbound) else { break }
            }
        } catch {
            switch error {
            case .malformed, .tooLong: penalize(inbound)
            default: break
            }
        }
        leave(inbound)
        inbound.close()
    }

    /// Whether the service runs; then this is the stream of its peer.
    private func admit(_ inbound: GossipInbound) -> Bool {
        let peer = inbound.stream.peer
        attend(peer)
        let (isAdmitted, old) = perform { state -> (Bool, GossipInbound?) in
            guard state.isRunning, var entry = state.peers[peer.bytes] else { return (false, nil) }
            let old = entry.inbound
            entry.inbound = inbound
            if case .open = entry.phase { inbound.open() }
            state.peers[peer.bytes] = entry
            return (true, old)
        }
        old?.close()
        return isAdmitted
    }

    /// Hands an RPC to the router. False when this is not the peer's stream any more.
    private func receive(_ rpc: GossipRPC, _ inbound: GossipInbound) -> Bool {
        let peer = inbound.stream.peer.bytes
        let examined = examine(rpc.messages, from: peer)
        return perform { state in
            guard state.isRunning, state.peers[peer]?.inbound === inbound else { return false }
            state.add(state.router.receive(rpc, examined, from: peer, now: self.now))
            return true
        }
    }

    /// Finds ids and looks at signatures without the lock, so that one peer's messages do not hold up all others; only of
    /// messages that the router would look at.
    private func examine(_ messages: [GossipMessage], from peer: GossipPeerID) -> [Int: GossipExamination] {
        guard !messages.isEmpty else { return [:] }
        let readable = state.withLock { $0.isRunning ? $0.router.readable(messages, from: peer) : [] }
        var examined: [Int: GossipExamination] = [:]
        for index in readable { examined[index] = GossipExamination(id: messageID(messages[index])) }
        let unverified = state.withLock { [examined] in $0.router.unverified(messages, examined) }
        for index in unverified { examined[index]?.isAuthentic = signing.isAuthentic(messages[index]) }
        return examined
    }

    /// The peer sent what is no RPC: misbehaviour (P7).
    private func penalize(_ inbound: GossipInbound) {
        let peer = inbound.stream.peer.bytes
        perform { state in
            state.peers[peer]?.malformed += 1
            state.router.scores.penalize(peer)
        }
    }

    private func leave(_ inbound: GossipInbound) {
        let peer = inbound.stream.peer.bytes
        perform { state in
            if state.peers[peer]?.inbound === inbound { state.peers[peer]?.inbound = nil }
        }
    }
}
