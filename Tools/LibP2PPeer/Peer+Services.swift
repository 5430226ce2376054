import LibP2P

extension Peer {
    /// Joins or leaves a topic, publishes, or tells who is in the mesh and on the topic. A message that comes is an event.
    func perform(gossip request: Request) throws -> Answer {
        guard let gossip else { throw RequestError.unknown("service: start with --gossip") }
        let topic = try request.need(\.topic, "topic")
        switch request.command {
        case .subscribe:
            let output = output
            try gossip.subscribe(topic) { message, sender in
                var event = Answer(event: "message", peer: sender.description, data: hex(message.data), topic: topic)
                event.peers = message.source.flatMap { try? PeerID(bytes: $0) }.map { [$0.description] }
                output.write(event)
                return .accept
            }
        case .unsubscribe: gossip.unsubscribe(topic)
        case .publish:
            if let size = request.bytes {
                try gossip.publish([UInt8](repeating: 0x61, count: size), to: topic)
                return Answer()
            }
            guard let data = bytes(hex: try request.need(\.data, "data")) else { throw RequestError.malformed("data") }
            try gossip.publish(data, to: topic)
        default:
            return Answer(
                peers: gossip.mesh(of: topic).map(\.description),
                addresses: gossip.topicPeers(of: topic).map(\.description))
        }
        return Answer()
    }

    /// Looks a peer up, or tells who is in the table.
    func perform(kademlia request: Request) async throws -> Answer {
        guard let kademlia else { throw RequestError.unknown("service: start with --kad") }
        guard request.command == .findPeer else {
            return Answer(peers: kademlia.tablePeers.compactMap { try? PeerID(bytes: $0.id).description })
        }
        return Answer(addresses: await kademlia.findPeer(try request.peerID).map(\.description))
    }
}
