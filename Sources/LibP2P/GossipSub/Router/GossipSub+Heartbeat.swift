extension GossipSub {
    /// Maintains the meshes and the fanouts, spreads gossip and forgets what is old. To be called once a second.
    public mutating func heartbeat(now time: Duration) -> [GossipAction] {
        advance(time)
        penalizeBrokenPromises()
        forgetOld()
        scores.refresh(now: now)
        var outbox = GossipOutbox()
        let isOpportune = now >= opportunisticGraftAt
        if isOpportune { opportunisticGraftAt = now + configuration.opportunisticGraftPeriod }
        for index in meshes.indices {
            pruneNegative(index, &outbox)
            graftMissing(index, &outbox)
            graftOutbound(index, &outbox)
            pruneExcess(index, &outbox)
            if isOpportune { graftBetter(index, &outbox) }
            advertise(meshes[index].topic, except: meshes[index].peers, &outbox)
        }
        maintainFanouts(&outbox)
        cache.shift()
        return outbox.actions
    }

    private mutating func penalizeBrokenPromises() {
        for (peer, count) in promises.broken(now: now) { scores.penalize(peer, count) }
    }

    private mutating func forgetOld() {
        for peer in peerOrder { peers[peer]?.endHeartbeat() }
        seen.expire(now: now)
        backoffs.expire(before: now - configuration.backoffSlack)
        for (id, waiting) in pending where waiting.expiry <= now { _ = removePending(id) }
    }

    private mutating func prune(_ peer: GossipPeerID, _ index: Int, exchange: Bool, _ outbox: inout GossipOutbox) {
        removeFromMesh(peer, index)
        let topic = meshes[index].topic
        outbox.prune(makePrune(peer, topic, backoff: configuration.pruneBackoff, exchange: exchange), to: peer)
    }

    private mutating func graft(_ peer: GossipPeerID, _ index: Int, _ outbox: inout GossipOutbox) {
        addToMesh(peer, index)
        outbox.graft(meshes[index].topic, to: peer)
    }

    /// Peers with a negative score leave the mesh.
    private mutating func pruneNegative(_ index: Int, _ outbox: inout GossipOutbox) {
        for peer in meshes[index].peers where scores.score(peer) < 0 { prune(peer, index, exchange: false, &outbox) }
    }

    /// A mesh that is too small is filled up.
    private mutating func graftMissing(_ index: Int, _ outbox: inout GossipOutbox) {
        let mesh = meshes[index]
        guard mesh.peers.count < configuration.degreeLow else { return }
        let missing = configuration.degree - mesh.peers.count
        for peer in candidates(mesh.topic, except: mesh.peers).prefix(missing) { graft(peer, index, &outbox) }
    }

    /// Peers that this node dialled are grafted until there are enough of them, also into a full mesh, which is shrunk
    /// afterwards: whoever has filled it must not keep the quota from being met.
    private mutating func graftOutbound(_ index: Int, _ outbox: inout GossipOutbox) {
        let mesh = meshes[index]
        let missing = configuration.degreeOutbound - mesh.peers.filter(isOutbound).count
        guard missing > 0, mesh.peers.count >= configuration.degreeLow else { return }
        let able = candidates(mesh.topic, except: mesh.peers).filter(isOutbound)
        for peer in able.prefix(missing) { graft(peer, index, &outbox) }
    }

    private func isOutbound(_ peer: GossipPeerID) -> Bool { peers[peer]?.isOutbound == true }

    private mutating func pruneExcess(_ index: Int, _ outbox: inout GossipOutbox) {
        if meshes[index].peers.count > configuration.degreeHigh { shrink(index, &outbox) }
    }

    /// Reduces the mesh to D peers: the D_score best ones and random others, but D_out outbound ones come before all.
    private mutating func shrink(_ index: Int, _ outbox: inout GossipOutbox) {
        let ranked = shuffled(meshes[index].peers).map { (peer: $0, score: scores.score($0)) }
            .sorted { $0.score > $1.score }.map(\.peer)
        let others = shuffled(Array(ranked.dropFirst(configuration.degreeScore)))
        let order = ranked.prefix(configuration.degreeScore) + others
        let outbound = order.filter(isOutbound).prefix(configuration.degreeOutbound)
        let rest = order.filter { !outbound.contains($0) }.prefix(configuration.degree - outbound.count)
        for peer in meshes[index].peers where !outbound.contains(peer) && !rest.contains(peer) {
            prune(peer, index, exchange: true, &outbox)
        }
    }

    /// If the median score of the mesh is poor, peers above the median are grafted, as far as there is room.
    private mutating func graftBetter(_ index: Int, _ outbox: inout GossipOutbox) {
        let mesh = meshes[index]
        guard mesh.peers.count > 1 else { return }
        let median = mesh.peers.map { scores.score($0) }.sorted()[mesh.peers.count / 2]
        guard median < scoring.opportunisticGraftThreshold else { return }
        let room = min(configuration.opportunisticGraftPeers, configuration.degreeHigh - mesh.peers.count)
        let better = candidates(mesh.topic, except: mesh.peers).filter { scores.score($0) > median }
        for peer in better.prefix(max(0, room)) { graft(peer, index, &outbox) }
    }
}
