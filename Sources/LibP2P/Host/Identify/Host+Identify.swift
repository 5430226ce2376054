import NIOCore

extension Host {
    /// The time that all of identify may take.
    private static let identifyLimit = Duration.seconds(15)

    /// Serves identify, its push, and ping.
    func serveBasics() {
        serve(IdentifyMessage.protocolName) { [weak self] stream in
            guard let self, let stream = stream as? HostStream else { return }
            try? await stream.within(Self.identifyLimit) { () async throws(StreamError) in
                try await stream.write(message: self.ownIdentity(for: stream))
                try await stream.finish()
            }
        }
        serve(IdentifyMessage.pushProtocolName) { [weak self] stream in
            guard let self, let stream = stream as? HostStream else { return }
            try? await self.takeIdentity(from: stream)
        }
        serve(Self.pingProtocolName) { stream in try? await Self.answerPings(stream) }
    }

    /// Asks the other end of a new connection what it is.
    func identify(_ connection: HostConnection) async {
        guard let stream = try? await open([IdentifyMessage.protocolName], on: connection) else { return }
        try? await takeIdentity(from: stream)
        stream.reset()
    }

    /// Tells all peers what this host is now, once the caller has made all its changes.
    func pushSoon() {
        let isFirst = registry.withLock { registry in
            defer { registry.isPushDue = true }
            return !registry.isPushDue && !registry.isStopped && !registry.connections.isEmpty
        }
        guard isFirst else {
            registry.withLock { if $0.connections.isEmpty { $0.isPushDue = false } }
            return
        }
        Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(100))
            guard let self else { return }
            let connections = registry.withLock { registry in
                registry.isPushDue = false
                return registry.connections.values.filter {
                    $0.information.identity?.protocols.contains(IdentifyMessage.pushProtocolName) == true
                }
            }
            for connection in connections { Task { await self.push(to: connection) } }
        }
    }

    private func push(to connection: HostConnection) async {
        guard let stream = try? await open([IdentifyMessage.pushProtocolName], on: connection) else { return }
        try? await stream.within(Self.identifyLimit) { () async throws(StreamError) in
            try await stream.write(message: self.ownIdentity(for: stream))
            try await stream.finish()
            while try await stream.read() != nil {}
        }
        stream.reset()
    }

    private func takeIdentity(from stream: HostStream) async throws(StreamError) {
        try await stream.within(Self.identifyLimit) { () async throws(StreamError) in
            var messages: [[UInt8]] = []
            var reader = StreamMessages(stream)
            while let message = try await reader.next(limit: IdentifyMessage.maximumLength) {
                messages.append(message)
                guard messages.count <= IdentifyMessage.maximumMessages else { throw .malformed }
            }
            let identity = try IdentifyMessage.decode(messages, from: stream.peer)
            self.registry.withLock { $0.identify(stream.connectionNumber, identity) }
            try await stream.finish()
        }
    }

    private func ownIdentity(for stream: HostStream) -> [UInt8] {
        let (protocols, addresses, remote, sequence) = registry.withLock { registry in
            (
                registry.handlers.keys.sorted(), registry.listenAddresses,
                registry.connections[stream.connectionNumber]?.information.remoteAddress, registry.takeRecordNumber()
            )
        }
        let announced = configuration.announced
        let advertised = announced + addresses.flatMap(Self.advertised).filter { !announced.contains($0) }
        let identity = PeerIdentity(
            agent: configuration.agent, protocolVersion: configuration.protocolVersion, protocols: protocols,
            listenAddresses: advertised, observedAddress: remote,
            signedRecord: PeerRecord.envelope(of: key, sequence: sequence, addresses: advertised))
        return IdentifyMessage.encode(identity, key: key.publicKey)
    }

    /// Where peers reach what listens on `address`: all addresses of the machine when it listens on any.
    private static func advertised(_ address: Multiaddr) -> [Multiaddr] {
        guard let port = address.components.last else { return [] }
        switch address.components.first {
        case .ip4(let ip) where ip.bytes.allSatisfy({ $0 == 0 }): return devices(.inet, port)
        case .ip6(let ip) where ip.bytes.allSatisfy({ $0 == 0 }): return devices(.inet, port) + devices(.inet6, port)
        default: return [address]
        }
    }

    private static func devices(_ family: NIOBSDSocket.ProtocolFamily, _ port: Multiaddr.Component) -> [Multiaddr] {
        let sockets = ((try? System.enumerateDevices()) ?? []).compactMap(\.address).filter { $0.protocol == family }
        return sockets.prefix(16).compactMap { socket in
            Multiaddr(socket: socket)?.components.first.flatMap { try? Multiaddr([$0, port]) }
        }
    }
}
