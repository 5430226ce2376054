import NIOCore

extension Host: YamuxOwner {
    /// The time, in the form that limits take.
    static var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    /// Counts a connection that a peer made, or refuses it.
    func accept(_ channel: any Channel) throws {
        let address = channel.remoteAddress.flatMap(Multiaddr.init(socket:))?.components.first
        let number = try registry.withLock { registry in
            guard !registry.isStopped else { throw HostError.stopped }
            let number = registry.takeNumber()
            try registry.gate.begin(number, from: address, isOutbound: false, at: Self.now)
            registry.upgrading[ObjectIdentifier(channel)] = number
            return number
        }
        channel.closeFuture.whenComplete { [self] _ in
            registry.withLock { registry in
                registry.upgrading[ObjectIdentifier(channel)] = nil
                registry.gate.end(number)
            }
        }
    }

    /// Takes a connection that was upgraded, on its event loop, before its first byte.
    func install(_ peer: UpgradedPeer, _ channel: any Channel, isOutbound: Bool) throws {
        guard peer.id != id else { throw HostError.ownAddress }
        guard let address = channel.remoteAddress.flatMap(Multiaddr.init(socket:)) else {
            throw HostError.transport(.closed)
        }
        let number = try registry.withLock { registry in
            guard !registry.isStopped else { throw HostError.stopped }
            if let number = registry.upgrading.removeValue(forKey: ObjectIdentifier(channel)) { return number }
            let number = registry.takeNumber()
            try registry.gate.begin(number, from: address.components.first, isOutbound: isOutbound, at: Self.now)
            return number
        }
        let handler = YamuxHandler(
            isOutbound ? .dialer : .listener, limits: configuration.yamux, peer: peer.id, connection: number,
            owner: self,
            now: YamuxHandler.now(channel.eventLoop))
        let connection = HostConnection(
            number: number, channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
            information: PeerConnection(peer: peer.id, remoteAddress: address, isOutbound: isOutbound))
        do {
            try registry.withLock { registry in
                guard !registry.isStopped else { throw HostError.stopped }
                try registry.gate.establish(number, with: peer.id, at: Self.now)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            ended(number)
            throw error
        }
        let isStopped = registry.withLock { registry in
            registry.add(connection)
            return registry.isStopped
        }
        guard !isStopped else { return close(connection) }
        Task { await identify(connection) }
        endSurplus()
    }

    package func opened(_ stream: HostStream, of connection: UInt64) {
        guard registry.withLock({ $0.gate.streamExcess(connection) }) == nil else { return stream.reset() }
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

    package func counted(_ streams: Int, of connection: UInt64) {
        registry.withLock { $0.gate.setStreams(connection, to: streams, at: Self.now) }
    }

    package func measured(_ roundTrip: Duration, of connection: UInt64) {
        registry.withLock { $0.update(connection) { $0.information.roundTrip = roundTrip } }
    }

    package func leaving(_ connection: UInt64) { registry.withLock { $0.update(connection) { $0.isLeaving = true } } }

    package func ended(_ connection: UInt64) { registry.withLock { $0.remove(connection) } }

    /// Ends the connections that are not used, or too many.
    func endSurplus() {
        let surplus = registry.withLock { registry in
            registry.gate.surplus(at: Self.now).compactMap { registry.connections[$0] }
        }
        for connection in surplus { close(connection) }
    }

    /// The connection to a peer on which streams are opened: the oldest that is not about to end.
    func connection(to peer: PeerID) -> HostConnection? {
        registry.withLock { $0.connections(to: peer) }.first { $0.channel.isActive && !$0.isLeaving }
    }

    /// Opens a stream of the first of `protocols` that the peer speaks.
    func open(_ protocols: [String], on connection: HostConnection) async throws(StreamError) -> HostStream {
        guard !protocols.isEmpty, protocols.allSatisfy(MultistreamLine.isAllowed) else { throw .unsupported(protocols) }
        let opened: Result<HostStream, StreamError> = await withCheckedContinuation { continuation in
            connection.handler.eventLoop.execute { continuation.resume(returning: connection.handler.value.open()) }
        }
        let stream = try opened.get()
        if let limit = registry.withLock({ $0.gate.streamExcess(connection.number) }) {
            stream.reset()
            throw .limit(limit)
        }
        do throws(StreamError) {
            let side = MultistreamSide(.initiator, protocols)
            _ = try await stream.negotiate(as: side, limit: TimeAmount(configuration.negotiationLimit))
        } catch {
            guard case .negotiation(.nothingInCommon) = error else { throw error }
            throw .unsupported(protocols)
        }
        return stream
    }
}
