import LibP2P
import Synchronization

/// Hosts in memory that can reach each other by their addresses.
final class MemoryNetwork: Sendable {
    private let hosts = Mutex<[Multiaddr: MemoryHost]>([:])

    /// A host at an address of its own in 10.0.0.0/16.
    func host(_ key: NodeKey = NodeKey()) throws -> MemoryHost {
        try hosts.withLock { hosts in
            let number = hosts.count + 1
            let address = try Multiaddr("/ip4/10.0.\(number / 250).\(number % 250 + 1)/tcp/4001")
            let host = MemoryHost(key.peerID, address, self)
            hosts[address] = host
            return host
        }
    }

    func find(_ address: Multiaddr) -> MemoryHost? { hosts.withLock { $0[address] } }
}

/// A host whose connections are in memory. Identify is told by `identify`.
final class MemoryHost: PeerHost {
    typealias Handler = @Sendable (any PeerStream) async -> Void

    private struct State: Sendable {
        var connections: [PeerConnection] = []
        var others: [PeerID: MemoryHost] = [:]
        var streams: [PeerID: [MemoryStream]] = [:]
        var handlers: [String: Handler] = [:]
        var readers: [AsyncStream<HostEvent>.Continuation] = []
        var banned: Set<PeerID> = []
        var protected: Set<PeerID> = []
    }

    let id: PeerID
    let address: Multiaddr
    private let network: MemoryNetwork
    private let state = Mutex(State())

    init(_ id: PeerID, _ address: Multiaddr, _ network: MemoryNetwork) {
        self.id = id
        self.address = address
        self.network = network
    }

    var listenAddresses: [Multiaddr] { [address] }
    var connections: [PeerConnection] { state.withLock { $0.connections } }
    var banned: Set<PeerID> { state.withLock { $0.banned } }
    var protected: Set<PeerID> { state.withLock { $0.protected } }
    /// The streams to a peer that have not ended.
    func streams(_ peer: PeerID) -> [MemoryStream] {
        state.withLock { ($0.streams[peer] ?? []).filter { !$0.isOver } }
    }

    @discardableResult func connect(to address: Multiaddr) async throws(HostError) -> PeerID {
        guard address != self.address else { throw .ownAddress }
        guard let other = network.find(address) else { throw .system("nobody listens there") }
        guard !banned.contains(other.id), !other.banned.contains(id) else { throw .refused("banned") }
        guard state.withLock({ $0.others[other.id] == nil }) else { return other.id }
        // Both know of the connection before either acts on it.
        add(other, isOutbound: true)
        other.add(self, isOutbound: false)
        announce(other.id)
        other.announce(id)
        return other.id
    }

    private func add(_ other: MemoryHost, isOutbound: Bool) {
        state.withLock { state in
            state.others[other.id] = other
            state.connections.append(
                PeerConnection(peer: other.id, remoteAddress: other.address, isOutbound: isOutbound))
        }
    }

    private func announce(_ peer: PeerID) {
        state.withLock { state in
            guard let connection = state.connections.first(where: { $0.peer == peer }) else { return }
            for reader in state.readers { reader.yield(.connected(connection)) }
        }
    }

    /// Tells that a connected peer serves these protocols.
    func identify(_ peer: PeerID, protocols: [String]) {
        state.withLock { state in
            guard let index = state.connections.firstIndex(where: { $0.peer == peer }) else { return }
            state.connections[index].identity = PeerIdentity(protocols: protocols)
            for reader in state.readers { reader.yield(.identified(state.connections[index])) }
        }
    }

    func open(_ protocols: [String], to peer: PeerID) async throws(StreamError) -> any PeerStream {
        guard let other = state.withLock({ $0.others[peer] }) else { throw .disconnected }
        guard let (name, handler) = other.handler(protocols) else { throw .unsupported(protocols) }
        let (near, far) = MemoryStream.pair(from: id, to: peer, name)
        state.withLock { $0.streams[peer, default: []].append(near) }
        other.take(far, from: id, handler)
        return near
    }

    private func handler(_ protocols: [String]) -> (String, Handler)? {
        state.withLock { state in
            for name in protocols { if let handler = state.handlers[name] { return (name, handler) } }
            return nil
        }
    }

    private func take(_ stream: MemoryStream, from peer: PeerID, _ handler: @escaping Handler) {
        state.withLock { $0.streams[peer, default: []].append(stream) }
        Task {
            await handler(stream)
            stream.release()
        }
    }

    func serve(_ protocolName: String, _ handler: @escaping Handler) {
        state.withLock { $0.handlers[protocolName] = handler }
    }

    func stopServing(_ protocolName: String) { state.withLock { $0.handlers[protocolName] = nil } }

    func events() -> AsyncStream<HostEvent> {
        let (stream, reader) = AsyncStream.makeStream(of: HostEvent.self, bufferingPolicy: .bufferingNewest(4096))
        state.withLock { $0.readers.append(reader) }
        return stream
    }

    func disconnect(_ peer: PeerID) {
        let other = state.withLock { $0.others[peer] }
        remove(peer)
        other?.remove(id)
    }

    private func remove(_ peer: PeerID) {
        let streams = state.withLock { state -> [MemoryStream] in
            guard state.others.removeValue(forKey: peer) != nil else { return [] }
            state.connections.removeAll { $0.peer == peer }
            for reader in state.readers { reader.yield(.disconnected(peer)) }
            return state.streams.removeValue(forKey: peer) ?? []
        }
        for stream in streams { stream.reset() }
    }

    func ban(_ peer: PeerID, for duration: Duration) {
        state.withLock { _ = $0.banned.insert(peer) }
        disconnect(peer)
    }

    func protect(_ peer: PeerID, _ isProtected: Bool) {
        state.withLock { state in
            if isProtected { state.protected.insert(peer) } else { state.protected.remove(peer) }
        }
    }
}
