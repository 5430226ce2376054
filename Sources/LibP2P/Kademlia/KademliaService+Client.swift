extension KademliaService {
    /// Where a peer may be reached, as far as the network knows; empty when nobody does. Addresses end in the peer's id.
    public func findPeer(_ id: PeerID) async -> [Multiaddr] {
        let known = state.withLock { $0.table[id.bytes] }
        if let known { return addresses(of: id, in: [known]) }
        var named: [KademliaPeer] = []
        let found = await lookUp(id.bytes, goal: .peer) { closer in
            named += closer.filter { $0.id == id.bytes }
        }
        return addresses(of: id, in: found.filter { $0.id == id.bytes } + named)
    }

    /// The peers closest to a key that answered, closest first, at most k.
    public func closestPeers(to key: [UInt8]) async -> [KademliaPeer] { await lookUp(key, goal: .closest) { _ in } }

    /// Looks up this node's own id, so that it and its neighbours learn of each other; returns when that is done.
    public func bootstrap() async { _ = await closestPeers(to: host.id.bytes) }

    /// Sends one request; nil when the peer is not reached or does not answer.
    func ask(_ peer: KademliaPeer, _ request: KademliaRequest) async -> KademliaResponse? {
        guard let id = try? PeerID(bytes: peer.id), id != host.id, await connect(id, peer) else { return nil }
        guard let stream = try? await host.open([protocolName], to: id) else { return nil }
        let limits = limits
        let bytes = await stream.within(limits.queryTimeout) { () async throws(StreamError) -> [UInt8]? in
            var messages = StreamMessages(stream)
            try await stream.write(message: request.encoded)
            let answer = try await messages.next(limit: limits.messageBytes)
            try await stream.finish()
            return answer
        }
        guard let bytes, let response = try? KademliaResponse(encoded: bytes, limits: limits) else {
            stream.reset()
            return nil
        }
        // The peer finishes when this side did; nothing more is read, so the stream is given up.
        stream.reset()
        return response
    }

    private func connect(_ id: PeerID, _ peer: KademliaPeer) async -> Bool {
        if host.connections.contains(where: { $0.peer == id }) { return true }
        for address in addresses(of: id, in: [peer]).prefix(bounds.addressesTried) where !Task.isCancelled {
            if let reached = try? await host.connect(to: address), reached == id { return true }
        }
        return false
    }

    /// Usable addresses with the id at the end, each once.
    private func addresses(of id: PeerID, in peers: [KademliaPeer]) -> [Multiaddr] {
        var unique: [Multiaddr] = []
        for bytes in peers.flatMap(\.addresses) {
            guard let address = (try? Multiaddr(bytes: bytes))?.naming(id), policy.mayUse(address) else { continue }
            if !unique.contains(address) { unique.append(address) }
        }
        return Array(unique.prefix(limits.addresses))
    }

    // MARK: - Lookups

    private enum LookupEvent: Sendable {
        case answered([UInt8], [KademliaPeer]?)
        case tick
    }

    /// Runs a lookup to its end, or to where it came when the task is cancelled.
    private func lookUp(
        _ target: [UInt8], goal: KademliaGoal, named: ([KademliaPeer]) -> Void
    ) async -> [KademliaPeer] {
        guard !target.isEmpty, target.count <= limits.keyBytes else { return [] }
        let table = state.withLock { $0.table }
        var lookup = KademliaLookup(target, goal: goal, in: table, at: now)
        let (events, feed) = AsyncStream.makeStream(of: LookupEvent.self)
        var asked: [[UInt8]: Task<Void, Never>] = [:]
        defer { asked.values.forEach { $0.cancel() } }
        var actions = lookup.start(at: now)
        var next = events.makeAsyncIterator()
        while true {
            for action in actions {
                switch action {
                case .query(let peer): asked[peer.id] = query(peer, target, feed)
                case .timedOut(let id):
                    asked.removeValue(forKey: id)?.cancel()
                    failed(id)
                case .finished(_, let found): return found
                }
            }
            let timer = tick(at: lookup.nextDeadline, feed)
            defer { timer.cancel() }
            guard let event = await next.next() else { return [] }
            switch event {
            case .answered(let id, let closer?):
                named(closer)
                actions = lookup.answered(id, closer: closer, at: now)
            case .answered(let id, nil): actions = lookup.failed(id, at: now)
            case .tick: actions = lookup.tick(at: now)
            }
        }
    }

    private func tick(
        at deadline: Duration?, _ feed: AsyncStream<LookupEvent>.Continuation
    ) -> Task<Void, Never> {
        let wait = max(.milliseconds(10), (deadline ?? now) - now)
        return Task {
            guard (try? await Task.sleep(for: wait)) != nil else { return }
            feed.yield(.tick)
        }
    }

    private func query(
        _ peer: KademliaPeer, _ target: [UInt8], _ feed: AsyncStream<LookupEvent>.Continuation
    ) -> Task<Void, Never> {
        Task { [weak self] in
            guard let self else { return }
            let answer = await self.ask(peer, .findNode(target))
            guard !Task.isCancelled else { return }
            guard case .nodes(let closer)? = answer, let id = try? PeerID(bytes: peer.id) else {
                self.failed(peer.id)
                feed.yield(.answered(peer.id, nil))
                return
            }
            self.reached(id)
            feed.yield(.answered(peer.id, self.believed(closer, from: id)))
        }
    }

    /// What an answer says, without addresses that the peer cannot know to be good for this node.
    private func believed(_ closer: [KademliaPeer], from peer: PeerID) -> [KademliaPeer] {
        let scope = host.connections.first { $0.peer == peer }.flatMap { AddressScope($0.remoteAddress) }
        let believed = closer.map { $0.shared(with: scope, by: policy) }.filter { !$0.addresses.isEmpty }
        let heard = state.withLock { $0.heard }
        heard(believed)
        return believed
    }
}
