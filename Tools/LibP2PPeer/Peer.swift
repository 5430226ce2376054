import LibP2P

/// A host, what it serves, and the streams that were opened by hand.
actor Peer {
    let host: Host
    let gossip: GossipService?
    let kademlia: KademliaService?
    let output: Output
    var streams: [Int: any PeerStream] = [:]
    private var lastStream = 0

    init(_ options: Options, _ output: Output) async throws {
        var configuration = HostConfiguration()
        configuration.agent = "poai-interop"
        configuration.offersEarlyMuxer = options.offersEarlyMuxer
        host = try await Host(key: options.key, configuration: configuration, listen: options.listen)
        gossip =
            options.hasGossip ? try GossipService(host: host, signing: .strictSign(options.key)) : nil
        kademlia =
            options.hasKademlia
            ? KademliaService(
                host: host, protocolName: "/ipfs/kad/1.0.0", policy: AddressPolicy(allowsLoopback: true))
            : nil
        self.output = output
        gossip?.start()
        kademlia?.start()
    }

    /// Who this is and where it listens.
    nonisolated var description: Answer {
        Answer(event: "started", peer: host.id.description, addresses: host.listenAddresses.map(\.description))
    }

    func stop() async {
        await gossip?.stop()
        kademlia?.stop()
        await host.stop()
    }

    /// Does what a request says. An error becomes an answer.
    func answer(_ request: Request) async -> Answer {
        var answer: Answer
        do { answer = try await perform(request) } catch { answer = Answer(error: "\(error)") }
        answer.id = request.id
        return answer
    }

    private func perform(_ request: Request) async throws -> Answer {
        switch request.command {
        case .connect:
            return Answer(peer: try await host.connect(to: Multiaddr(request.need(\.address, "address"))).description)
        case .disconnect:
            host.disconnect(try request.peerID)
            return Answer()
        case .connections: return Answer(peers: host.connections.map(\.peer.description))
        case .identity: return try await identity(of: request.peerID)
        case .ping: return try await ping(request.peerID, count: request.count ?? 1)
        case .serve:
            let (name, mode) = (try request.need(\.name, "name"), try request.need(\.mode, "mode"))
            if mode == .socket { serve(name, joining: try request.need(\.path, "path")) } else { serve(name, mode) }
            return Answer()
        case .open: return keep(try await host.open([request.need(\.name, "name")], to: request.peerID))
        case .write, .read, .finish, .reset: return try await use(request)
        case .send: return try await send(request)
        case .many: return try await many(request)
        case .join: return try await join(request)
        case .subscribe, .unsubscribe, .publish, .mesh: return try perform(gossip: request)
        case .findPeer, .table: return try await perform(kademlia: request)
        }
    }

    /// Keeps a stream for later requests.
    private func keep(_ stream: any PeerStream) -> Answer {
        lastStream += 1
        streams[lastStream] = stream
        return Answer(stream: lastStream, name: stream.protocolName)
    }

    /// What a peer said of itself, once it did.
    private func identity(of peer: PeerID) async throws -> Answer {
        for _ in 0..<500 {
            guard let connection = host.connections.first(where: { $0.peer == peer }) else {
                throw RequestError.unknown("peer")
            }
            if let identity = connection.identity {
                return Answer(
                    addresses: identity.listenAddresses.map(\.description), agent: identity.agent,
                    protocolVersion: identity.protocolVersion, protocols: identity.protocols,
                    observedAddress: identity.observedAddress?.description, hasRecord: identity.signedRecord != nil,
                    isOutbound: connection.isOutbound)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw StreamError.timedOut
    }
}

extension Request {
    /// An argument that has to be there.
    func need<Value>(_ path: KeyPath<Request, Value?>, _ name: String) throws -> Value {
        guard let value = self[keyPath: path] else { throw RequestError.missing(name) }
        return value
    }

    /// The argument `peer`.
    var peerID: PeerID { get throws { try PeerID(need(\.peer, "peer")) } }
}
