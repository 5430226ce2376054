import LibP2P
import Synchronization

/// Hosts in memory that reach each other at once by their addresses.
final class KademliaMemoryNetwork: Sendable {
    let hosts = Mutex<[Multiaddr: KademliaMemoryHost]>([:])

    func host(_ address: String) throws -> KademliaMemoryHost {
        let address = try Multiaddr(address)
        let host = KademliaMemoryHost(NodeKey().peerID, address, self)
        hosts.withLock { $0[address] = host }
        return host
    }
}

final class KademliaMemoryHost: PeerHost {
    private struct State {
        var connections: [PeerConnection] = []
        var handlers: [String: @Sendable (any PeerStream) async -> Void] = [:]
        var events: [AsyncStream<HostEvent>.Continuation] = []
        var protected: Set<PeerID> = []
    }

    let id: PeerID
    let listenAddresses: [Multiaddr]
    private let network: KademliaMemoryNetwork
    private let state = Mutex(State())

    init(_ id: PeerID, _ address: Multiaddr, _ network: KademliaMemoryNetwork) {
        (self.id, self.network, listenAddresses) = (id, network, [address])
    }

    var connections: [PeerConnection] { state.withLock { $0.connections } }

    func connect(to address: Multiaddr) async throws(HostError) -> PeerID {
        let bare = address.components.filter { if case .p2p = $0 { false } else { true } }
        let key = try? Multiaddr(bare)
        guard let other = network.hosts.withLock({ hosts in key.flatMap { hosts[$0] } }) else {
            throw .system("nobody")
        }
        guard other !== self else { throw .ownAddress }
        if let expected = address.peerID, expected != other.id { throw .refused("somebody else") }
        add(other, isOutbound: true)
        other.add(self, isOutbound: false)
        return other.id
    }

    private func add(_ other: KademliaMemoryHost, isOutbound: Bool) {
        let identity = PeerIdentity(
            protocols: other.state.withLock { Array($0.handlers.keys) }, listenAddresses: other.listenAddresses)
        let connection = PeerConnection(
            peer: other.id, remoteAddress: other.listenAddresses[0], isOutbound: isOutbound, identity: identity)
        state.withLock { state in
            guard !state.connections.contains(where: { $0.peer == other.id }) else { return }
            state.connections.append(connection)
            for event in state.events {
                event.yield(.connected(connection))
                event.yield(.identified(connection))
            }
        }
    }

    func open(_ protocols: [String], to peer: PeerID) async throws(StreamError) -> any PeerStream {
        guard connections.contains(where: { $0.peer == peer }) else { throw .disconnected }
        let other = network.hosts.withLock { $0.values.first { $0.id == peer } }
        guard let other, let name = protocols.first, let handler = other.state.withLock({ $0.handlers[name] }) else {
            throw .unsupported(protocols)
        }
        let (toOther, toSelf) = (KademliaMemoryPipe(), KademliaMemoryPipe())
        let theirs = KademliaMemoryStream(id, name, false, reads: toOther, writes: toSelf)
        Task {
            await handler(theirs)
            try? await theirs.finish()
        }
        return KademliaMemoryStream(peer, name, true, reads: toSelf, writes: toOther)
    }

    func serve(_ protocolName: String, _ handler: @escaping @Sendable (any PeerStream) async -> Void) {
        state.withLock { $0.handlers[protocolName] = handler }
    }

    func stopServing(_ protocolName: String) { state.withLock { $0.handlers[protocolName] = nil } }

    func events() -> AsyncStream<HostEvent> {
        let (stream, feed) = AsyncStream.makeStream(of: HostEvent.self)
        state.withLock { $0.events.append(feed) }
        return stream
    }

    func disconnect(_ peer: PeerID) { state.withLock { $0.connections.removeAll { $0.peer == peer } } }
    func ban(_ peer: PeerID, for duration: Duration) { disconnect(peer) }
    func protect(_ peer: PeerID, _ isProtected: Bool) {
        state.withLock { state in
            if isProtected { state.protected.insert(peer) } else { state.protected.remove(peer) }
        }
    }

    var protected: Set<PeerID> { state.withLock { $0.protected } }
}

struct KademliaMemoryPipe: Sendable {
    let bytes: AsyncThrowingStream<[UInt8], any Error>
    let feed: AsyncThrowingStream<[UInt8], any Error>.Continuation
    init() { (bytes, feed) = AsyncThrowingStream.makeStream() }
}

final class KademliaMemoryStream: PeerStream {
    let peer: PeerID
    let protocolName: String
    let isOutbound: Bool
    private let reads: KademliaMemoryPipe
    private let writes: KademliaMemoryPipe

    init(_ peer: PeerID, _ name: String, _ isOutbound: Bool, reads: KademliaMemoryPipe, writes: KademliaMemoryPipe) {
        (self.peer, protocolName, self.isOutbound) = (peer, name, isOutbound)
        (self.reads, self.writes) = (reads, writes)
    }

    func read() async throws(StreamError) -> [UInt8]? {
        do {
            for try await bytes in reads.bytes { return bytes }
            return nil
        } catch { throw .reset }
    }

    func write(_ bytes: [UInt8]) async throws(StreamError) { writes.feed.yield(bytes) }
    func finish() async throws(StreamError) { writes.feed.finish() }
    func reset() {
        writes.feed.finish(throwing: StreamError.reset)
        reads.feed.finish(throwing: StreamError.reset)
    }
}
