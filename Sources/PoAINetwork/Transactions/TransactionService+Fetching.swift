import LibP2P
import PoAIPrimitives

extension TransactionService {
    /// Makes a request that the relay decided, and gives what comes to the pool.
    func carryOut(_ fetch: TransactionRelay.Fetch) async {
        guard case .transactions(let envelopes) = await ask(fetch.peer, .transactions(fetch.hashes)) else {
            let isThere = mayTalk(fetch.peer)
            perform { state, effects, _ in
                // One whose time is up was seen to already.
                guard state.relay.isOpen(fetch.id) else { return }
                state.settle(state.relay.failed(fetch.id), &effects)
                if isThere { effects.offences.append((fetch.peer, .silent)) }
            }
            return
        }
        let items = envelopes.map { (hash: Keccak256.hash($0), envelope: $0) }
        var taken: Set<Hash32> = []
        perform { state, effects, now in
            let sizes = items.map { (hash: $0.hash, size: $0.envelope.count) }
            guard let delivery = state.relay.delivered(fetch.id, sizes, at: now) else { return }
            taken = Set(delivery.taken)
            if let offence = delivery.offence { effects.offences.append((fetch.peer, offence)) }
            state.settle(delivery.resolved, &effects)
        }
        for item in items where taken.remove(item.hash) != nil {
            let verdict = pool.add(encoded: item.envelope)
            perform { state, effects, now in
                let resolution = state.relay.judged(item.hash, size: item.envelope.count, verdict, at: now)
                state.settle(resolution.map { [$0] } ?? [], &effects)
                if case .invalid = verdict { effects.offences.append((fetch.peer, .invalidTransaction)) }
                state.catchUp(with: fetch.peer, for: [item.hash], notBefore: now + self.times.catchUp)
            }
        }
    }

    /// Begins to fetch what waits in a peer's pool and is not in this one, unless that is under way.
    func compare(with peer: PeerID) {
        guard state.withLock({ $0.isRunning && $0.comparing.insert(peer).inserted }) else { return }
        Task {
            await self.fetchPool(of: peer)
            self.state.withLock { _ = $0.comparing.remove(peer) }
        }
    }

    /// Tries again a few times when the peer does not answer, as its side of the handshake may not be done yet.
    private func fetchPool(of peer: PeerID) async {
        for _ in 0..<3 {
            guard state.withLock({ $0.admitted.contains(peer) }) else { return }
            if case .hashes(let hashes) = await ask(peer, .hashes) { return await fetch(hashes, from: peer) }
            guard (try? await Task.sleep(for: times.retry)) != nil else { return }
        }
    }

    /// In portions of one request. A few are news that this node announces; many mean that this node was away.
    private func fetch(_ hashes: [Hash32], from peer: PeerID) async {
        let now = now
        var unknown: [Hash32] = []
        var seen: Set<Hash32> = []
        for hash in hashes where seen.insert(hash).inserted && !pool.contains(hash) {
            if state.withLock({ !$0.relay.isSettled(hash, at: now) }) { unknown.append(hash) }
        }
        let isOld = unknown.count > WireLimits.transactions
        var rest = unknown[...]
        while !rest.isEmpty, state.withLock({ $0.admitted.contains(peer) }) {
            let portion = Array(rest.prefix(WireLimits.transactions))
            rest = rest.dropFirst(portion.count)
            let outcomes = await outcomes { $0.offered(portion, by: peer, isPublic: isOld, at: $1) }
            if !outcomes.isEmpty, outcomes.values.allSatisfy({ $0 == .missing }) { break }
        }
        // What was not due yet this time.
        perform { state, _, now in state.catchUp(with: peer, for: seen, notBefore: now + self.times.catchUp) }
    }

    /// One request and its answer; nil when none comes that fits.
    private func ask(_ peer: PeerID, _ request: PoolRequest) async -> PoolAnswer? {
        guard mayTalk(peer) else { return nil }
        let time = state.withLock { $0.relay.limits.requestTime }
        let bytes = try? await Exchange.ask(
            peer, names.pool, request.encoded(), limit: WireLimits.answer, within: time, on: host)
        guard let bytes else { return nil }
        guard let answer = try? PoolAnswer(bytes) else {
            offend(peer, .malformed)
            return nil
        }
        switch (request, answer) {
        case (.hashes, .hashes), (.transactions, .transactions): return answer
        default:
            offend(peer, .wrongAnswer)
            return nil
        }
    }
}
