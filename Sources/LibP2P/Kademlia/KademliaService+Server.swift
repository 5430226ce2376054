extension KademliaService {
    /// Answers the requests of one stream until the peer finishes, is idle for too long or asks what is refused.
    func serve(_ stream: any PeerStream) async {
        guard enter(stream.peer) else { return stream.reset() }
        defer { leave(stream.peer) }
        let limits = limits
        var messages = StreamMessages(stream)
        while !Task.isCancelled {
            let next = await stream.within(bounds.idleLimit) { [messages] () async throws(StreamError) -> Step in
                var messages = messages
                let bytes = try await messages.next(limit: limits.messageBytes)
                return Step(messages: messages, bytes: bytes)
            }
            guard let next else { return stream.reset() }
            messages = next.messages
            guard let bytes = next.bytes else {
                try? await stream.finish()
                return
            }
            guard let answer = answer(bytes, from: stream.peer) else { return stream.reset() }
            let isSent = await stream.within(bounds.idleLimit) { () async throws(StreamError) -> Bool in
                try await stream.write(message: answer.encoded)
                return true
            }
            guard isSent == true else { return stream.reset() }
        }
    }

    private struct Step: Sendable {
        let messages: StreamMessages
        let bytes: [UInt8]?
    }

    /// Nil: the request is nonsense or refused.
    private func answer(_ bytes: [UInt8], from client: PeerID) -> KademliaResponse? {
        guard let request = try? KademliaRequest(encoded: bytes, limits: limits) else { return nil }
        let scope = host.connections.first { $0.peer == client }.flatMap { AddressScope($0.remoteAddress) }
        let now = now
        let answer = state.withLock { state -> KademliaResponse? in
            state.table.seen(client.bytes, at: now)
            return try? state.server.answer(request, from: client.bytes, table: state.table, at: now)
        }
        let connected = Set(host.connections.map(\.peer.bytes))
        return answer?.mapPeers { peers in
            peers.map { peer in
                var shared = peer.shared(with: scope, by: policy)
                shared.connection = connected.contains(peer.id) ? .connected : .canConnect
                return shared
            }
            .filter { !$0.addresses.isEmpty }
        }
    }

    private func enter(_ peer: PeerID) -> Bool {
        state.withLock { state in
            let count = state.streams[peer, default: 0]
            guard count < bounds.streamsPerPeer, state.streams.values.reduce(0, +) < bounds.streams else {
                return false
            }
            state.streams[peer] = count + 1
            return true
        }
    }

    private func leave(_ peer: PeerID) {
        state.withLock { state in
            let count = state.streams[peer, default: 1] - 1
            state.streams[peer] = count > 0 ? count : nil
        }
    }
}

extension PeerStream {
    /// What `body` returns; nil when it throws or takes longer than `limit`, upon which the stream is reset.
    func within<T: Sendable>(
        _ limit: Duration, _ body: @Sendable () async throws(StreamError) -> T?
    ) async -> T? {
        let watch = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            self.reset()
        }
        defer { watch.cancel() }
        return (try? await body()) ?? nil
    }
}
