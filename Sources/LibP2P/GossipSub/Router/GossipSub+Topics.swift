extension GossipSub {
    /// Joins a topic: tells every peer and fills the mesh. Does nothing if it is joined. Throws `topicRefused`.
    public mutating func subscribe(_ topic: String, now time: Duration) throws(GossipError) -> [GossipAction] {
        advance(time)
        guard meshIndex(topic) == nil else { return [] }
        guard isValidTopic(topic), meshes.count < configuration.maxTopics else { throw .topicRefused }
        let fanout = fanouts.first { $0.topic == topic }?.peers ?? []
        fanouts.removeAll { $0.topic == topic }
        meshes.append(Mesh(topic: topic))
        let able = candidates(topic, except: [])
        let preferred = able.filter { fanout.contains($0) } + able.filter { !fanout.contains($0) }
        var outbox = GossipOutbox()
        for peer in preferred.prefix(configuration.degree) {
            addToMesh(peer, meshes.count - 1)
            outbox.graft(topic, to: peer)
        }
        return announce(GossipSubscription(subscribe: true, topic: topic)) + outbox.actions
    }

    /// Leaves a topic: tells every peer, and the mesh that it may graft again soon. Does nothing if it is not joined.
    public mutating func unsubscribe(_ topic: String, now time: Duration) -> [GossipAction] {
        advance(time)
        guard let index = meshIndex(topic) else { return [] }
        var outbox = GossipOutbox()
        for peer in meshes[index].peers {
            removeFromMesh(peer, index)
            let prune = makePrune(peer, topic, backoff: configuration.unsubscribeBackoff, exchange: true)
            outbox.prune(prune, to: peer)
        }
        meshes.remove(at: index)
        // What was asked for may belong to the topic and is not read any more when it comes.
        promises.removeAll()
        return announce(GossipSubscription(subscribe: false, topic: topic)) + outbox.actions
    }

    private func announce(_ subscription: GossipSubscription) -> [GossipAction] {
        peerOrder.map { .send(GossipRPC(subscriptions: [subscription]), to: $0) }
    }
}
