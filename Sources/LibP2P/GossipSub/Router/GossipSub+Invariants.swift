extension GossipSub {
    /// What is wrong with the state, one sentence each; empty unless there is a defect. For tests.
    public func invariants() -> [String] {
        meshInvariants() + peerInvariants() + limitInvariants() + scores.invariants() + seen.invariants()
            + cache.invariants()
    }

    private func meshInvariants() -> [String] {
        var wrong: [String] = []
        if Set(topics).count != meshes.count { wrong.append("a topic has two meshes") }
        for mesh in meshes {
            if Set(mesh.peers).count != mesh.peers.count { wrong.append("\(mesh.topic): a peer is in the mesh twice") }
            for peer in mesh.peers {
                if peers[peer]?.topics.contains(mesh.topic) != true { wrong.append("\(mesh.topic): no subscriber") }
                if let expiry = backoffs.expiry(peer, topic: mesh.topic), expiry > now {
                    wrong.append("\(mesh.topic): a mesh peer is in its backoff")
                }
            }
            guard scoring.topics[mesh.topic] != nil else { continue }
            let counted = scores.records.filter { $0.value.topics[mesh.topic]?.graftedAt != nil }.keys
            if Set(counted) != Set(mesh.peers) { wrong.append("\(mesh.topic): mesh and scores differ") }
        }
        return wrong
    }

    private func peerInvariants() -> [String] {
        var wrong: [String] = []
        if peerOrder.count != peers.count || Set(peerOrder) != Set(peers.keys) { wrong.append("peers: order differs") }
        if peers[id] != nil { wrong.append("peers: this node itself") }
        let known = scores.records.filter { $0.value.expiry == nil }.keys
        if Set(known) != Set(peers.keys) { wrong.append("peers: scores differ") }
        for fanout in fanouts {
            if meshIndex(fanout.topic) != nil { wrong.append("\(fanout.topic): joined and a fanout") }
            if fanout.peers.contains(where: { peers[$0]?.topics.contains(fanout.topic) != true }) {
                wrong.append("\(fanout.topic): no subscriber in the fanout")
            }
        }
        return wrong
    }

    private func limitInvariants() -> [String] {
        var wrong: [String] = []
        func limit(_ count: Int, _ most: Int, _ name: String) {
            if count > most { wrong.append("\(name): \(count) exceed \(most)") }
        }
        limit(peers.count, configuration.maxPeers, "peers")
        limit(meshes.count, configuration.maxTopics, "topics")
        limit(fanouts.count, configuration.maxTopics, "fanouts")
        limit(pending.count, configuration.maxValidating, "validating")
        limit(pendingBytes, configuration.maxValidatingBytes, "validating bytes")
        limit(promises.count, promises.limit, "promises")
        for topic in backoffs.expiries.values { limit(topic.count, backoffs.limit, "backoffs") }
        for peer in peers.values {
            limit(peer.topics.count, configuration.maxTopicsPerPeer, "topics of a peer")
            limit(peer.unwanted.count, configuration.maxDontWantIDs * (configuration.dontWantLifetime + 1), "unwanted")
            limit(peer.budget.askedIDs, configuration.maxHaveIDs, "asked ids")
        }
        if pending.values.reduce(0, { $0 + $1.message.byteCount }) != pendingBytes { wrong.append("pending bytes") }
        return wrong
    }
}
