extension GossipSub {
    /// A peer's stream for gossipsub is open. Tells it the joined topics.
    /// - Parameters:
    ///   - version: what was negotiated.
    ///   - outbound: whether this node dialled it.
    ///   - addresses: what P6 counts peers by, such as the IPv4 address, or the IPv6 address and its /64 network.
    ///   - signedRecord: its signed peer record, recommended to others by peer exchange; dropped above 4096 bytes.
    /// Throws `peerRefused`.
    public mutating func peerConnected(
        _ peer: GossipPeerID, version: GossipVersion, outbound: Bool, addresses: [String] = [],
        signedRecord: [UInt8]? = nil, now time: Duration
    ) throws(GossipError) -> [GossipAction] {
        advance(time)
        guard peer != id, peers[peer] == nil, peers.count < configuration.maxPeers else { throw .peerRefused }
        peers[peer] = GossipPeer(version: version, isOutbound: outbound)
        if let signedRecord, signedRecord.count <= 4096 { peers[peer]?.signedRecord = signedRecord }
        peerOrder.append(peer)
        scores.connect(peer, addresses: addresses)
        guard !meshes.isEmpty else { return [] }
        let subscriptions = topics.map { GossipSubscription(subscribe: true, topic: $0) }
        return [.send(GossipRPC(subscriptions: subscriptions), to: peer)]
    }

    /// A peer is gone. Its score is remembered if it is bad, its backoffs always. Does nothing if it is not connected.
    public mutating func peerDisconnected(_ peer: GossipPeerID, now time: Duration) {
        advance(time)
        guard peers.removeValue(forKey: peer) != nil else { return }
        peerOrder.removeAll { $0 == peer }
        for index in meshes.indices { meshes[index].peers.removeAll { $0 == peer } }
        for index in fanouts.indices { fanouts[index].peers.removeAll { $0 == peer } }
        scores.disconnect(peer, now: now)
    }

    /// Reads an RPC of a connected peer; one of an unknown peer is dropped. Subscriptions are read even below the graylist
    /// threshold, or what is known of the peer would be wrong once its score recovers.
    public mutating func receive(_ rpc: GossipRPC, from peer: GossipPeerID, now time: Duration) -> [GossipAction] {
        receive(rpc, [:], from: peer, now: time)
    }

    /// The same with what was found out of some messages, by their place.
    package mutating func receive(
        _ rpc: GossipRPC, _ examined: [Int: GossipExamination], from peer: GossipPeerID, now time: Duration
    ) -> [GossipAction] {
        advance(time)
        guard peers[peer] != nil else { return [] }
        for subscription in rpc.subscriptions { read(subscription, from: peer) }
        guard scores.score(peer) >= scoring.graylistThreshold else { return [] }
        var actions: [GossipAction] = []
        for (index, message) in rpc.messages.enumerated() { actions += read(message, examined[index], from: peer) }
        guard !rpc.control.isEmpty else { return actions }
        return actions + read(rpc.control, from: peer)
    }

    private mutating func read(_ subscription: GossipSubscription, from peer: GossipPeerID) {
        let topic = subscription.topic
        if subscription.subscribe {
            let count = peers[peer]?.topics.count ?? 0
            guard isValidTopic(topic), count < configuration.maxTopicsPerPeer else { return }
            peers[peer]?.topics.insert(topic)
        } else {
            peers[peer]?.topics.remove(topic)
            if let index = meshIndex(topic) { removeFromMesh(peer, index) }
            for index in fanouts.indices where fanouts[index].topic == topic {
                fanouts[index].peers.removeAll { $0 == peer }
            }
        }
    }

    package mutating func addToMesh(_ peer: GossipPeerID, _ index: Int) {
        meshes[index].peers.append(peer)
        scores.graft(peer, topic: meshes[index].topic, now: now)
    }

    package mutating func removeFromMesh(_ peer: GossipPeerID, _ index: Int) {
        guard meshes[index].peers.contains(peer) else { return }
        meshes[index].peers.removeAll { $0 == peer }
        scores.prune(peer, topic: meshes[index].topic)
    }

    /// Sets the backoff of a peer and makes the PRUNE that tells it.
    package mutating func makePrune(
        _ peer: GossipPeerID, _ topic: String, backoff: Duration, exchange: Bool
    ) -> GossipPrune {
        backoffs.set(peer, topic: topic, until: now + backoff)
        guard let version = peers[peer]?.version, version >= .v1_1 else { return GossipPrune(topic: topic) }
        var prune = GossipPrune(topic: topic, backoff: UInt64(backoff.components.seconds))
        if exchange && configuration.peerExchange {
            let others = shuffled(subscribers(topic, minimum: 0).filter { $0 != peer })
            prune.peers = others.prefix(configuration.prunePeers).map {
                GossipPeerInfo(peer: $0, signedRecord: peers[$0]?.signedRecord)
            }
        }
        return prune
    }
}
