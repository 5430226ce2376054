import LibP2P
import PoAIPrimitives

/// What a peer may still ask for. Requests of an honest peer cost less than half of it.
struct PoolLedger: Sendable {
    static let streams = 4
    /// Ledgers; beyond, those without a stream are forgotten.
    static let limit = 1024

    var openStreams = 0
    var requests: TokenBucket
    var lists: TokenBucket
    var bytes: TokenBucket

    init(at now: Duration) {
        requests = TokenBucket(capacity: 400, perSecond: 200, at: now)
        lists = TokenBucket(capacity: 8, perSecond: 1, at: now)
        bytes = TokenBucket(capacity: 16 << 20, perSecond: 4 << 20, at: now)
    }

    /// Whether the request is within the limits.
    mutating func allows(_ request: PoolRequest, at now: Duration) -> Bool {
        guard requests.take(1, at: now) else { return false }
        if case .hashes = request { return lists.take(1, at: now) }
        return bytes.tokens(at: now) > 0
    }
}

extension TransactionService {
    /// Answers the requests on one stream until the peer finishes, is idle for too long or does what it may not.
    func answer(_ stream: any PeerStream) async {
        let peer = stream.peer
        guard mayTalk(peer), open(peer) else { return stream.reset() }
        defer { close(peer) }
        var messages = StreamMessages(stream)
        do throws(StreamError) {
            while let next = try await next(of: messages) {
                messages = next.rest
                guard let answer = answer(next.request, for: peer) else { return stream.reset() }
                try await Exchange.limited(times.idle) { () async throws(StreamError) in
                    try await stream.write(message: answer)
                }
            }
            try await Exchange.limited(times.idle) { () async throws(StreamError) in try await stream.finish() }
        } catch {
            if error == .malformed || error == .tooLong(limit: WireLimits.request) { offend(peer, .malformed) }
            stream.reset()
        }
    }

    /// The next request and what follows it; nil when the peer finished.
    private func next(
        of messages: StreamMessages
    ) async throws(StreamError) -> (request: [UInt8], rest: StreamMessages)? {
        try await Exchange.limited(times.idle) { () async throws(StreamError) in
            var messages = messages
            return try await messages.next(limit: WireLimits.request).map { ($0, messages) }
        }
    }

    /// The answer to one request; nil when the peer is at fault.
    private func answer(_ bytes: [UInt8], for peer: PeerID) -> [UInt8]? {
        let now = now
        guard let request = try? PoolRequest(bytes) else {
            offend(peer, .malformed)
            return nil
        }
        // Nil when the peer left meanwhile.
        guard let isAllowed = state.withLock({ $0.ledgers[peer]?.allows(request, at: now) }) else { return nil }
        guard isAllowed else {
            offend(peer, .unrequested)
            return nil
        }
        switch request {
        case .hashes: return PoolAnswer.hashes(pool.pendingHashes(limit: WireLimits.poolHashes)).encoded()
        case .transactions(let hashes):
            let envelopes = envelopes(of: hashes)
            let count = envelopes.reduce(0) { $0 + $1.count }
            state.withLock { $0.ledgers[peer]?.bytes.charge(count, at: now) }
            return PoolAnswer.transactions(envelopes).encoded()
        }
    }

    /// What is there of these, each once, up to the bytes of an answer.
    private func envelopes(of hashes: [Hash32]) -> [[UInt8]] {
        var (envelopes, bytes, seen): ([[UInt8]], Int, Set<Hash32>) = ([], 0, [])
        for hash in hashes where bytes < WireLimits.softAnswer && seen.insert(hash).inserted {
            guard let envelope = pool.encoded(hash), envelope.count <= WireLimits.transaction else { continue }
            envelopes.append(envelope)
            bytes += envelope.count
        }
        return envelopes
    }

    private func open(_ peer: PeerID) -> Bool {
        let now = now
        return state.withLock { state in
            guard state.isRunning else { return false }
            if state.ledgers.count >= PoolLedger.limit, state.ledgers[peer] == nil {
                state.ledgers = state.ledgers.filter { $0.value.openStreams > 0 || state.admitted.contains($0.key) }
                guard state.ledgers.count < PoolLedger.limit else { return false }
            }
            var ledger = state.ledgers[peer] ?? PoolLedger(at: now)
            guard ledger.openStreams < PoolLedger.streams else { return false }
            ledger.openStreams += 1
            state.ledgers[peer] = ledger
            return true
        }
    }

    private func close(_ peer: PeerID) {
        state.withLock { state in
            guard let open = state.ledgers[peer]?.openStreams, open > 0 else { return }
            state.ledgers[peer]?.openStreams = open - 1
        }
    }
}
