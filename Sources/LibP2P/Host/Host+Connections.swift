import NIOCore

extension Host: YamuxOwner {
    /// Takes a connection that was upgraded, on its event loop, before its first byte.
    func install(_ peer: UpgradedPeer, _ channel: any Channel, isOutbound: Bool) throws {
        guard peer.id != id else { throw HostError.ownAddress }
        guard let address = channel.remoteAddress.flatMap(Multiaddr.init(socket:)) else {
            throw HostError.transport(.closed)
        }
        let number = registry.withLock { $0.takeNumber() }
        let handler = YamuxHandler(
            isOutbound ? .dialer : .listener, limits: configuration.yamux, peer: peer.id, connection: number,
            owner: self,
            now: YamuxHandler.now(channel.eventLoop))
        let connection = HostConnection(
            number: number, channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
            information: PeerConnection(peer: peer.id, remoteAddress: address, isOutbound: isOutbound))
        try registry.withLock { registry in
            guard !registry.isStopped else { throw HostError.stopped }
            registry.add(connection)
        }
        do { try channel.pipeline.syncOperations.addHandler(handler) } catch {
            ended(number)
            throw error
        }
    }

    func opened(_ stream: HostStream, of connection: UInt64) {
        Task { [self] in
            let side = MultistreamSide.listener(
                MultistreamListener { [weak self] name in
                    self?.registry.withLock { $0.handlers[name] != nil } ?? false
                })
            let limit = TimeAmount(configuration.negotiationLimit)
            guard let name = try? await stream.negotiate(as: side, limit: limit) else { return }
            await registry.withLock { $0.handlers[name] }?(stream)
            stream.release(limit: TimeAmount(configuration.lingerLimit))
        }
    }

    func counted(_ streams: Int, of connection: UInt64) {
        registry.withLock { $0.update(connection) { $0.streams = streams } }
    }

    func measured(_ roundTrip: Duration, of connection: UInt64) {
        registry.withLock { $0.update(connection) { $0.information.roundTrip = roundTrip } }
    }

    func ended(_ connection: UInt64) { registry.withLock { $0.remove(connection) } }
}

extension HostError {
    /// What a failed connection means.
    init(_ error: any Error) {
        switch error {
        case let error as HostError: self = error
        case let error as TransportError: self = .transport(error)
        default: self = .system(String(describing: error))
        }
    }
}

extension Multiaddr {
    /// The IP address and TCP port of a socket; nil for other sockets.
    init?(socket: SocketAddress) {
        guard let port = socket.port.flatMap(UInt16.init(exactly:)), let text = socket.ipAddress else { return nil }
        let host: Component? =
            switch socket {
            case .v4: IPv4(text).map { .ip4($0) }
            case .v6: IPv6(text.prefix { $0 != "%" }).map { .ip6($0) }
            case .unixDomainSocket: nil
            }
        guard let host, let address = try? Multiaddr([host, .tcp(port)]) else { return nil }
        self = address
    }
}
