import NIOCore
import NIOPosix
import Synchronization

/// A node among peers over TCP, Noise, and Yamux. It lives until `stop` is called.
public final class Host: PeerHost {
    static let yamux = "/yamux/1.0.0"

    public let id: PeerID
    /// What the host was made with.
    public let configuration: HostConfiguration
    let key: NodeKey
    let transport: TCPTransport
    let registry = Mutex(HostRegistry())

    /// Listens on every address of `listen`, of which TCP port 0 means any.
    /// - Throws: `HostError`; then nothing listens.
    public init(key: NodeKey, configuration: HostConfiguration, listen: [Multiaddr]) async throws(HostError) {
        id = key.peerID
        self.key = key
        self.configuration = configuration
        transport = TCPTransport(
            identity: key, muxers: [Self.yamux], limit: TimeAmount(configuration.upgradeLimit))
        for address in listen {
            do { try await startListening(address) } catch {
                await stop()
                throw HostError(error)
            }
        }
    }

    /// Ends everything: listeners, connections, streams, events.
    public func stop() async {
        let (listeners, connections, subscribers) = registry.withLock { registry in
            registry.isStopped = true
            defer { registry.listeners = [] }
            return (registry.listeners, registry.connections.values.map { $0 }, registry.takeSubscribers())
        }
        for listener in listeners { try? await listener.close() }
        for connection in connections { close(connection) }
        for connection in connections { try? await connection.channel.closeFuture.get() }
        for subscriber in subscribers { subscriber.finish() }
    }

    public var listenAddresses: [Multiaddr] { registry.withLock { $0.listenAddresses } }

    public var connections: [PeerConnection] { registry.withLock { $0.entries } }

    public func connect(to address: Multiaddr) async throws(HostError) -> PeerID {
        if let peer = address.peerID {
            guard peer != id else { throw .ownAddress }
            if registry.withLock({ !$0.connections(to: peer).isEmpty }) { return peer }
        }
        guard !registry.withLock({ $0.isStopped }) else { throw .stopped }
        do {
            return try await transport.dial(address) { [self] peer, channel in
                try install(peer, channel, isOutbound: true)
            }.peer.id
        } catch { throw HostError(error) }
    }

    public func open(_ protocols: [String], to peer: PeerID) async throws(StreamError) -> any PeerStream {
        guard !protocols.isEmpty, protocols.allSatisfy(MultistreamLine.isAllowed) else { throw .unsupported(protocols) }
        guard let connection = registry.withLock({ $0.connections(to: peer).first(where: \.channel.isActive) }) else {
            throw .disconnected
        }
        let opened: Result<HostStream, StreamError> = await withCheckedContinuation { continuation in
            connection.handler.eventLoop.execute { continuation.resume(returning: connection.handler.value.open()) }
        }
        let stream = try opened.get()
        do throws(StreamError) {
            let side = MultistreamSide(.initiator, protocols)
            _ = try await stream.negotiate(as: side, limit: TimeAmount(configuration.negotiationLimit))
        } catch {
            guard case .negotiation(.nothingInCommon) = error else { throw error }
            throw .unsupported(protocols)
        }
        return stream
    }

    public func serve(_ protocolName: String, _ handler: @escaping @Sendable (any PeerStream) async -> Void) {
        registry.withLock { $0.handlers[protocolName] = handler }
    }

    public func stopServing(_ protocolName: String) {
        registry.withLock { _ = $0.handlers.removeValue(forKey: protocolName) }
    }

    public func events() -> AsyncStream<HostEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: HostEvent.self, bufferingPolicy: .bufferingNewest(4096))
        let number = registry.withLock { $0.subscribe(continuation) }
        continuation.onTermination = { [weak self] _ in self?.registry.withLock { $0.unsubscribe(number) } }
        return stream
    }

    public func disconnect(_ peer: PeerID) {
        for connection in registry.withLock({ $0.connections(to: peer) }) { close(connection) }
    }

    public func ban(_ peer: PeerID, for duration: Duration) {
        disconnect(peer)
    }

    public func protect(_ peer: PeerID, _ isProtected: Bool) {
        registry.withLock { registry in
            if isProtected { registry.protected.insert(peer) } else { registry.protected.remove(peer) }
        }
    }

    func close(_ connection: HostConnection) {
        connection.handler.eventLoop.execute { connection.handler.value.close() }
    }

    private func startListening(_ address: Multiaddr) async throws {
        let listener = try await transport.listen(address) { [self] peer, channel in
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
