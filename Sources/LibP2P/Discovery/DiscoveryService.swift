import Synchronization

/// Keeps a node connected: dials the peers its operator named again and again, and as many others as it wants of those
/// that Kademlia and identify tell of.
public final class DiscoveryService: Sendable {
    private struct State {
        var policy: DialPolicy
        var seen = 0
        var task: [Task<Void, Never>] = []
    }

    private let host: any PeerHost
    private let kademlia: KademliaService?
    private let addresses: AddressPolicy
    private let state: Mutex<State>
    private let epoch = ContinuousClock.now

    /// A service that is not started. `explicit` are the peers that the operator named.
    public init(
        host: any PeerHost, kademlia: KademliaService?, explicit: [Multiaddr] = [],
        addresses: AddressPolicy = AddressPolicy(), limits: DialPolicy.Limits = DialPolicy.Limits()
    ) {
        self.host = host
        self.kademlia = kademlia
        self.addresses = addresses
        var policy = DialPolicy(limits: limits, exemptsLoopback: addresses.allowsLoopback)
        for address in explicit { policy.addExplicit(address) }
        state = Mutex(State(policy: policy))
    }

    /// Addresses other peers told of that were new.
    public var candidatesSeen: Int { state.withLock { $0.seen } }

    /// Dials an address now and keeps the connection up from then on.
    public func addPeer(_ address: Multiaddr) {
        state.withLock { $0.policy.addExplicit(address) }
        dial()
    }

    /// Begins; nothing happens when it runs.
    public func start() {
        let events = host.events()
        state.withLock { state in
            guard state.task.isEmpty else { return }
            state.task = [
                Task { [weak self] in
                    for await event in events {
                        guard case .identified(let connection) = event else { continue }
                        self?.identified(connection)
                    }
                },
                Task { [weak self] in
                    while !Task.isCancelled {
                        self?.dial()
                        try? await Task.sleep(for: .seconds(1))
                    }
                },
            ]
        }
        kademlia?.onHeard { [weak self] peers in
            for peer in peers {
                guard let id = try? PeerID(bytes: peer.id) else { continue }
                self?.learn(peer.addresses.compactMap { try? Multiaddr(bytes: $0) }, of: id, from: .kademlia)
            }
        }
    }

    /// Ends; connections stay.
    public func stop() {
        let tasks = state.withLock { state in
            defer { state.task = [] }
            return state.task
        }
        tasks.forEach { $0.cancel() }
        kademlia?.onHeard { _ in }
    }

    private func identified(_ connection: PeerConnection) {
        let scope = AddressScope(connection.remoteAddress)
        let told = connection.identity?.listenAddresses ?? []
        learn(told.prefix(8).filter { addresses.mayShare($0, with: scope) }, of: connection.peer, from: .identify)
    }

    private func learn(_ found: [Multiaddr], of peer: PeerID, from source: AddressSource) {
        guard peer != host.id else { return }
        let usable = found.compactMap { $0.naming(peer) }.filter { addresses.mayUse($0) }
        state.withLock { state in
            for address in usable where state.policy.learn(address, from: source) { state.seen += 1 }
        }
    }

    private func dial() {
        let connections = host.connections
        let now = epoch.duration(to: .now)
        let chosen = state.withLock { state in
            var random = SystemRandomNumberGenerator()
            return state.policy.choose(connections: connections, at: now, using: &random)
        }
        for address in chosen {
            Task { [weak self, host, epoch] in
                let peer = try? await host.connect(to: address)
                self?.state.withLock { state in
                    guard let peer else { return state.policy.failed(address, at: epoch.duration(to: .now)) }
                    state.policy.reached(address, peer)
                }
            }
        }
    }
}
