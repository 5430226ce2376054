import LibP2P
import PoAIPrimitives
import Synchronization

/// Keeps the pools of nodes alike: announces transactions by hash, fetches those that others announce, and serves the own.
/// A thin shell around `TransactionRelay`. Safe to use from any thread.
public final class TransactionService: Sendable {
    /// The times that the service keeps.
    public struct Times: Hashable, Sendable {
        /// Between two looks at what is due.
        public var tick = Duration.milliseconds(100)
        /// Between two comparisons with a peer's pool.
        public var reconcile = Duration.seconds(60)
        /// Before a comparison with a peer of whose announcements something did not come in.
        public var catchUp = Duration.seconds(5)
        /// Before a comparison that failed is tried again.
        public var retry = Duration.seconds(2)
        /// How long a stream that is served may be idle.
        public var idle = Duration.seconds(30)

        /// The times of docs/spec/network.md.
        public init() {}
    }

    /// Validations of messages that one peer may have running.
    static let validationsPerPeer = 32
    /// Bytes of a message on the topic: 256 hashes with sizes.
    static let messageLimit = 16 << 10

    let host: any PeerHost
    let names: NetworkNames
    let pool: any PoolAccess
    let publish: @Sendable ([UInt8]) -> Void
    let offend: @Sendable (PeerID, Offence) -> Void
    let mayTalk: @Sendable (PeerID) -> Bool
    let times: Times
    let state: Mutex<State>
    private let origin = ContinuousClock.now

    /// A service that is not started.
    /// - Parameters:
    ///   - publish: publishes a message on the topic `names.transactions`.
    ///   - offend: told of what a peer did wrong.
    ///   - mayTalk: whether the handshake with a peer succeeded.
    public init(
        host: any PeerHost, names: NetworkNames, pool: any PoolAccess,
        publish: @escaping @Sendable ([UInt8]) -> Void, offend: @escaping @Sendable (PeerID, Offence) -> Void,
        mayTalk: @escaping @Sendable (PeerID) -> Bool, limits: TransactionRelay.Limits = TransactionRelay.Limits(),
        times: Times = Times()
    ) {
        (self.host, self.names, self.pool, self.times) = (host, names, pool, times)
        (self.publish, self.offend, self.mayTalk) = (publish, offend, mayTalk)
        state = Mutex(State(relay: TransactionRelay(limits: limits)))
    }

    /// Serves the pool protocol, announces what becomes executable in the pool from now on, and compares pools by and by.
    public func start() {
        guard state.withLock({ $0.begin() }) else { return }
        host.serve(names.pool) { [weak self] in await self?.answer($0) }
        let unsubscribe = pool.subscribe { [weak self] in self?.announce($0) }
        let ticking = Task { [weak self, times] in
            var nextComparison = ContinuousClock.now + times.reconcile
            while (try? await Task.sleep(for: times.tick)) != nil, let self {
                self.tick()
                guard ContinuousClock.now >= nextComparison else { continue }
                nextComparison = ContinuousClock.now + times.reconcile
                self.reconcile()
            }
        }
        state.withLock { state in
            state.unsubscribe = unsubscribe
            state.ticking = ticking
        }
    }

    /// Serves and announces no more; what is being validated is ignored.
    public func stop() {
        let (old, waiting) = state.withLock { $0.end() }
        guard let old else { return }
        host.stopServing(names.pool)
        old.unsubscribe?()
        old.ticking?.cancel()
        for (continuation, outcomes) in waiting { continuation.resume(returning: outcomes) }
    }

    /// A peer's handshake succeeded: what its pool has and this one has not is fetched.
    public func peerAdmitted(_ peer: PeerID) {
        perform { state, _, now in
            state.admitted.insert(peer)
            state.relay.admit(peer, at: now)
        }
        compare(with: peer)
    }

    /// A peer is gone.
    public func peerLeft(_ peer: PeerID) {
        perform { state, effects, _ in
            state.admitted.remove(peer)
            state.ledgers[peer] = nil
            state.behind[peer] = nil
            state.settle(state.relay.left(peer), &effects)
        }
    }

    /// Compares the pool with that of a peer taken at random.
    public func reconcile() {
        if let peer = state.withLock({ $0.admitted.randomElement() }) { compare(with: peer) }
    }

    /// Whether nothing is being fetched, and no pools are being compared.
    package var isIdle: Bool { state.withLock { $0.comparing.isEmpty && $0.relay.wantedCount == 0 } }

    /// Time since the service was made.
    var now: Duration { ContinuousClock.now - origin }

    private func tick() {
        if let peer = state.withLock({ $0.takeBehind(at: now) }) { compare(with: peer) }
        perform { state, effects, now in
            let (resolved, silent) = state.relay.expire(at: now)
            state.settle(resolved, &effects)
            effects.offences += silent.map { ($0, .silent) }
            effects.announcements += state.relay.announcements(at: now)
        }
    }

    /// Announces transactions of the pool.
    func announce(_ hashes: [Hash32], again: Bool = false) {
        let entries = hashes.compactMap { hash in
            pool.encoded(hash).map { TransactionAnnouncement.Entry(hash: hash, size: $0.count) }
        }
        perform { state, effects, now in
            effects.announcements += state.relay.announce(entries, again: again, at: now)
        }
    }

    /// Changes the state, and does what follows from it outside of the lock.
    func perform(_ body: (inout State, inout Effects, Duration) -> Void) {
        let now = now
        let effects = state.withLock { state in
            var effects = Effects()
            guard state.isRunning else { return effects }
            body(&state, &effects, now)
            effects.fetches = state.relay.fetches(at: now)
            return effects
        }
        for (continuation, outcomes) in effects.resumed { continuation.resume(returning: outcomes) }
        for (peer, offence) in effects.offences { offend(peer, offence) }
        for announcement in effects.announcements { publish(announcement.encoded()) }
        for fetch in effects.fetches { Task { await self.carryOut(fetch) } }
    }
}
