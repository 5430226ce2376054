import Crypto
import Synchronization

/// Discovery by Kademlia (libp2p/specs `kad-dht/README.md`): looks peers up, answers those that ask, and keeps a table of
/// peers that were really reached and speak the protocol. It stores nothing for others.
public final class KademliaService: Sendable {
    struct State {
        var table: KademliaTable
        var server = KademliaServer()
        var refresh: KademliaRefresh
        var tasks: [Task<Void, Never>] = []
        var heard: @Sendable ([KademliaPeer]) -> Void = { _ in }
        /// Streams that are served now, by peer.
        var streams: [PeerID: Int] = [:]
        /// Peers of which it is found out whether they answer.
        var checked: Set<PeerID> = []
    }

    /// Times and bounds of the service itself.
    public struct Bounds: Hashable, Sendable {
        /// Streams of one peer that are served at once.
        public var streamsPerPeer = 4
        /// Streams of all peers that are served at once.
        public var streams = 256
        /// Time between two requests on a stream, and for the bytes of one.
        public var idleLimit = Duration.seconds(60)
        /// Addresses of a peer that are tried for one request.
        public var addressesTried = 3
        /// Peers checked at once.
        public var checks = 16

        /// The values that a node starts with.
        public init() {}
    }

    /// SHA-256, the hash of libp2p.
    public static let sha256: KademliaHash = { KademliaKey(digest: Array(SHA256.hash(data: $0))) }

    let host: any PeerHost
    /// The name of the protocol, as `/ipfs/kad/1.0.0`.
    public let protocolName: String
    let isServer: Bool
    let limits: KademliaLimits
    let bounds: Bounds
    let policy: AddressPolicy
    let state: Mutex<State>
    private let epoch = ContinuousClock.now

    /// A service that is not started.
    ///
    /// - Parameters:
    ///   - isServer: whether others are answered, so that they take this node into their tables.
    ///   - policy: which addresses are dialled, told and believed; when it allows loopback, such addresses are free of the
    ///     limits on groups.
    public init(
        host: any PeerHost, protocolName: String, isServer: Bool = true, limits: KademliaLimits = KademliaLimits(),
        policy: AddressPolicy = AddressPolicy(), bounds: Bounds = Bounds()
    ) {
        var limits = limits
        limits.exemptsLoopback = limits.exemptsLoopback || policy.allowsLoopback
        self.host = host
        self.protocolName = protocolName
        self.isServer = isServer
        self.limits = limits
        self.bounds = bounds
        self.policy = policy
        state = Mutex(
            State(
                table: KademliaTable(ownID: host.id.bytes, limits: limits, hash: Self.sha256),
                refresh: KademliaRefresh(at: .zero)))
    }

    /// Time since the service was made.
    var now: Duration { epoch.duration(to: .now) }

    /// Serves, listens to what the host tells, and refreshes the table; nothing happens when it runs.
    public func start() {
        let events = host.events()
        let tasks = [
            Task { [weak self] in
                for await event in events { self?.handle(event) }
            },
            Task { [weak self] in
                while !Task.isCancelled {
                    await self?.refreshIfDue()
                    try? await Task.sleep(for: .seconds(1))
                }
            },
        ]
        let isFirst = state.withLock { state in
            guard state.tasks.isEmpty else { return false }
            state.tasks = tasks
            return true
        }
        guard isFirst else { return tasks.forEach { $0.cancel() } }
        if isServer { host.serve(protocolName) { [weak self] in await self?.serve($0) } }
        for connection in host.connections { consider(connection) }
    }

    /// Ends what `start` began.
    public func stop() {
        let tasks = state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks
        }
        tasks.forEach { $0.cancel() }
        if isServer { host.stopServing(protocolName) }
    }

    /// Peers of the table.
    public var count: Int { state.withLock { $0.table.count } }

    /// The peers of the table, closest to this node first.
    public var tablePeers: [KademliaPeer] {
        state.withLock { $0.table.closest(to: $0.table.ownKey, count: $0.table.count) }
    }

    /// Has `handler` told of all peers that answers name; it must return at once. The last handler counts.
    public func onHeard(_ handler: @escaping @Sendable ([KademliaPeer]) -> Void) {
        state.withLock { $0.heard = handler }
    }

    private func handle(_ event: HostEvent) {
        switch event {
        case .connected(let connection), .identified(let connection): consider(connection)
        case .disconnected: break
        }
    }

    private func refreshIfDue() async {
        let now = now
        let targets = state.withLock { state -> [[UInt8]] in
            guard state.table.count > 0 else { return [] }
            var random = SystemRandomNumberGenerator()
            return state.refresh.targets(for: state.table, at: now, using: &random)
        }
        for target in targets where !Task.isCancelled { _ = await closestPeers(to: target) }
    }
}
