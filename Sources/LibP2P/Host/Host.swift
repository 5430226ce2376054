import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A node among peers over TCP, Noise, and Yamux. It lives until `stop` is called.
public final class Host: PeerHost {
    static let yamux = "/yamux/1.0.0"

    /// Who this node is.
    public let id: PeerID
    /// What the host was made with.
    public let configuration: HostConfiguration
    let key: NodeKey
    let transport: TCPTransport
    let registry: Mutex<HostRegistry>

    /// Listens on every address of `listen`, of which TCP port 0 means any.
    /// - Throws: `HostError`; then nothing listens.
    public init(key: NodeKey, configuration: HostConfiguration, listen: [Multiaddr]) async throws(HostError) {
        id = key.peerID
        self.key = key
        self.configuration = configuration
        transport = TCPTransport(
            identity: key, muxers: [Self.yamux], offersEarlyMuxer: configuration.offersEarlyMuxer,
            limit: TimeAmount(configuration.upgradeLimit))
        let start = UInt64(clamping: Int(Date.now.timeIntervalSince1970 * 1_000_000))
        registry = Mutex(HostRegistry(limits: configuration.connections, recordNumber: start))
        serveBasics()
        for address in listen {
            do { try await startListening(address) } catch {
                await stop()
                throw HostError(error)
            }
        }
        let interval = configuration.maintenance
        let maintenance = Task { [weak self] in
            while (try? await Task.sleep(for: interval)) != nil { self?.endSurplus() }
        }
        registry.withLock { $0.maintenance = maintenance }
    }

    /// Ends everything: listeners, connections, streams, events.
    public func stop() async {
        let (listeners, connections, subscribers) = registry.withLock { registry in
            registry.isStopped = true
            registry.maintenance?.cancel()
            defer { registry.listeners = [] }
            return (registry.listeners, registry.connections.values.map { $0 }, registry.takeSubscribers())
        }
        for listener in listeners { try? await listener.close() }
        for connection in connections { close(connection) }
        for connection in connections { try? await connection.channel.closeFuture.get() }
        for subscriber in subscribers { subscriber.finish() }
    }

    /// Where it listens, with the ports that are really bound.
    public var listenAddresses: [Multiaddr] { registry.withLock { $0.listenAddresses } }

    /// The connections, one entry a peer, in the order in which they came.
    public var connections: [PeerConnection] { registry.withLock { $0.entries } }

    /// Dials a peer unless it is connected already.
    /// - Throws: `HostError`.
    public func connect(to address: Multiaddr) async throws(HostError) -> PeerID {
        if let peer = address.peerID {
            guard peer != id else { throw .ownAddress }
            if registry.withLock({ $0.connections(to: peer).contains { !$0.isLeaving } }) { return peer }
        }
        guard !registry.withLock({ $0.isStopped }) else { throw .stopped }
        try checkBans(address)
        do {
            return try await transport.dial(address) { [self] peer, channel in
                try install(peer, channel, isOutbound: true)
            }.peer.id
        } catch { throw HostError(error) }
    }

    /// Opens a stream for the first of `protocols` that the peer speaks.
    /// - Throws: `StreamError`.
    public func open(_ protocols: [String], to peer: PeerID) async throws(StreamError) -> any PeerStream {
        guard let connection = connection(to: peer) else { throw .disconnected }
        return try await open(protocols, on: connection)
    }

    /// Has `handler` serve streams of a protocol that peers open.
    public func serve(_ protocolName: String, _ handler: @escaping @Sendable (any PeerStream) async -> Void) {
        registry.withLock { $0.handlers[protocolName] = handler }
        pushSoon()
    }

    /// No longer serves a protocol.
    public func stopServing(_ protocolName: String) {
        registry.withLock { _ = $0.handlers.removeValue(forKey: protocolName) }
        pushSoon()
    }

    /// What happens from now on, at most 4096 events that nobody took.
    public func events() -> AsyncStream<HostEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: HostEvent.self, bufferingPolicy: .bufferingNewest(4096))
        let number = registry.withLock { $0.subscribe(continuation) }
        continuation.onTermination = { [weak self] _ in self?.registry.withLock { $0.unsubscribe(number) } }
        return stream
    }

    /// Ends the connections to a peer.
    public func disconnect(_ peer: PeerID) {
        for connection in registry.withLock({ $0.connections(to: peer) }) { close(connection) }
    }

    /// Ends the connections to a peer and refuses it for some time.
    public func ban(_ peer: PeerID, for duration: Duration) {
        registry.withLock { $0.gate.ban(.peer(peer), until: Self.now + duration, at: Self.now) }
        disconnect(peer)
    }

    /// Ends the connections to an IP address, whoever is there, and refuses it for some time. `address` begins with it.
    public func ban(address: Multiaddr, for duration: Duration) {
        guard let host = address.components.first else { return }
        let connections = registry.withLock { registry in
            registry.gate.ban(.address(host), until: Self.now + duration, at: Self.now)
            return registry.connections.values.filter { $0.information.remoteAddress.components.first == host }
        }
        for connection in connections { close(connection) }
    }

    /// Keeps the connections to a peer when there are too many or they are idle, or no longer.
    public func protect(_ peer: PeerID, _ isProtected: Bool) {
        registry.withLock { $0.gate.protect(peer, isProtected) }
    }

    func close(_ connection: HostConnection) {
        connection.handler.eventLoop.execute { connection.handler.value.close() }
    }

    private func startListening(_ address: Multiaddr) async throws {
        let listener = try await transport.listen(address) { [self] channel in
            try accept(channel)
        } install: { [self] peer, channel in
            try install(peer, channel, isOutbound: false)
        }
        registry.withLock { registry in
            registry.listeners.append(listener)
            if let bound = listener.localAddress.flatMap(Multiaddr.init(socket:)) {
                registry.listenAddresses.append(bound)
            }
        }
    }
}
