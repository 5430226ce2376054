import Synchronization

/// Keeps a node connected: dials the peers its operator named again and again, and as many others as it wants of those
/// that Kademlia, identify, the local network and an earlier run tell of.
public final class DiscoveryService: Sendable {
    struct State {
        var policy: DialPolicy
        var seen = 0
        var tasks: [Task<Void, Never>] = []
        var isRunning = false
        var book = PeerBook()
        /// What the file holds, as far as it is known.
        var savedBook: PeerBook?
    }

    let host: any PeerHost
    let kademlia: KademliaService?
    let mdns: MDNSService?
    let book: PeerBookFile?
    let addresses: AddressPolicy
    let report: @Sendable (String) -> Void
    let state: Mutex<State>
    private let epoch = ContinuousClock.now

    /// A service that is not started.
    ///
    /// - Parameters:
    ///   - explicit: the peers that the operator named; an address may be a peer id only, which is looked up.
    ///   - mdns: is started and stopped along with this service.
    ///   - book: where known addresses are kept over restarts.
    ///   - report: told in one line what does not work and is done without.
    public init(
        host: any PeerHost, kademlia: KademliaService?, explicit: [Multiaddr] = [],
        addresses: AddressPolicy = AddressPolicy(), limits: DialPolicy.Limits = DialPolicy.Limits(),
        mdns: MDNSService? = nil, book: PeerBookFile? = nil, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        (self.host, self.kademlia, self.mdns, self.book) = (host, kademlia, mdns, book)
        (self.addresses, self.report) = (addresses, report)
        var policy = DialPolicy(limits: limits, exemptsLoopback: addresses.allowsLoopback)
        for address in explicit { policy.addExplicit(address) }
        state = Mutex(State(policy: policy))
        mdns?.onFound { [weak self] in self?.learn($1, of: $0, from: .mdns) }
    }

    /// Addresses other peers told of that were new.
    public var candidatesSeen: Int { state.withLock { $0.seen } }

    /// Peers that the operator named, as far as their ids are known.
    public var explicitPeers: Set<PeerID> { state.withLock { $0.policy.explicitPeers } }

    /// Dials an address now and keeps the connection up from then on. It may be a peer id only.
    public func addPeer(_ address: Multiaddr) {
        state.withLock { $0.policy.addExplicit(address) }
        if let peer = address.peerID { host.protect(peer, true) }
        dial()
    }

    /// No longer keeps a connection to a peer up, nor protects the one there is; it stays for now.
    /// - Returns: whether it was one the operator named.
    @discardableResult
    public func removePeer(_ peer: PeerID) -> Bool {
        let isRemoved = state.withLock { $0.policy.removeExplicit(peer) }
        if isRemoved { host.protect(peer, false) }
        return isRemoved
    }

    /// Begins; nothing happens when it runs.
    public func start() {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        loadBook()
        for peer in explicitPeers { host.protect(peer, true) }
        let events = host.events()
        kademlia?.onHeard { [weak self] peers in
            for peer in peers {
                guard let id = try? PeerID(bytes: peer.id) else { continue }
                self?.learn(peer.addresses.compactMap { try? Multiaddr(bytes: $0) }, of: id, from: .kademlia)
            }
        }
        let tasks = [
            Task { [weak self] in
                for await event in events { self?.handle(event) }
            },
            Task { [weak self] in
                while !Task.isCancelled {
                    self?.dial()
                    try? await Task.sleep(for: .seconds(1))
                }
            },
            Task { [weak self] in
                while (try? await Task.sleep(for: .seconds(60))) != nil { self?.saveBook() }
            },
            Task { [mdns, report] in
                do throws(MDNSError) { try await mdns?.start() } catch { report(error.description) }
                if Task.isCancelled { mdns?.end() }
            },
        ]
        state.withLock { $0.tasks = tasks }
    }

    /// Ends; connections stay.
    public func stop() {
        let tasks = state.withLock { state in
            defer { (state.tasks, state.isRunning) = ([], false) }
            return state.tasks
        }
        guard !tasks.isEmpty else { return }
        tasks.forEach { $0.cancel() }
        kademlia?.onHeard { _ in }
        mdns?.end()
        saveBook()
    }

    private func handle(_ event: HostEvent) {
        switch event {
        case .connected(let connection):
            // A peer that comes while there are enough goes, unless the operator named it.
            let limits = state.withLock { $0.policy.limits }
            guard !connection.isOutbound, host.connections.count > limits.maxPeers else { return }
            if !explicitPeers.contains(connection.peer) { host.disconnect(connection.peer) }
        case .identified(let connection):
            let scope = AddressScope(connection.remoteAddress)
            let told = connection.identity?.listenAddresses ?? []
            learn(told.prefix(8).filter { addresses.mayShare($0, with: scope) }, of: connection.peer, from: .identify)
        case .disconnected: break
        }
    }

    private func learn(_ found: [Multiaddr], of peer: PeerID, from source: AddressSource) {
        guard peer != host.id else { return }
        let usable = found.compactMap { $0.naming(peer) }.filter { addresses.mayUse($0) }
        state.withLock { state in
            for address in usable {
                if state.policy.learn(address, from: source) { state.seen += 1 }
                state.book.learn(address, from: source)
            }
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
            Task { [weak self] in
                guard let self else { return }
                let peer = await self.reach(address)
                self.finished(address, peer, at: self.epoch.duration(to: .now))
            }
        }
    }
}
