extension GossipSub {
    /// Sends IHAVE for the recent messages of a topic to random peers outside of its mesh or fanout.
    package mutating func advertise(_ topic: String, except excluded: [GossipPeerID], _ outbox: inout GossipOutbox) {
        let ids = cache.gossipIDs(topic: topic)
        guard !ids.isEmpty, configuration.maxHaveIDs > 0 else { return }
        let able = subscribers(topic, minimum: scoring.gossipThreshold).filter { !excluded.contains($0) }
        let share = Int((configuration.gossipFactor * Double(able.count)).rounded(.down))
        for peer in shuffled(able).prefix(max(configuration.degreeLazy, share)) {
            // Too many ids: every peer gets another choice of them.
            let isTooMany = ids.count > configuration.maxHaveIDs
            outbox.have(topic, isTooMany ? Array(shuffled(ids).prefix(configuration.maxHaveIDs)) : ids, to: peer)
        }
    }

    /// Forgets fanouts that nothing was published to for a while; replaces peers that left or lost their score.
    package mutating func maintainFanouts(_ outbox: inout GossipOutbox) {
        let oldest = now - configuration.fanoutLifetime
        fanouts.removeAll { $0.publishedAt <= oldest }
        for index in fanouts.indices {
            let topic = fanouts[index].topic
            let able = subscribers(topic, minimum: scoring.publishThreshold)
            var chosen = fanouts[index].peers.filter { able.contains($0) }
            let others = shuffled(able.filter { !chosen.contains($0) })
            chosen += others.prefix(max(0, configuration.degree - chosen.count))
            fanouts[index].peers = chosen
            advertise(topic, except: chosen, &outbox)
        }
    }
}
