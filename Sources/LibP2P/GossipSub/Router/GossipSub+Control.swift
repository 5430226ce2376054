extension GossipSub {
    /// Reads control messages and answers them.
    package mutating func read(_ control: GossipControl, from peer: GossipPeerID) -> [GossipAction] {
        var outbox = GossipOutbox()
        let wanted = readHave(control.have, from: peer)
        if !wanted.isEmpty { outbox.want(wanted, to: peer) }
        let messages = readWant(control.want, from: peer)
        readDontWant(control.dontWant, from: peer)
        for prune in readGraft(control.graft, from: peer) { outbox.prune(prune, to: peer) }
        let connects = readPrune(control.prune, from: peer)
        return outbox.actions + messages.map { .send(GossipRPC(messages: [$0]), to: peer) } + connects
    }

    /// IHAVE: the ids to ask for. One of them, taken at random, the peer has to deliver in time.
    private mutating func readHave(_ list: [GossipIHave], from peer: GossipPeerID) -> [GossipMessageID] {
        guard !list.isEmpty, scores.score(peer) >= scoring.gossipThreshold, var budget = peers[peer]?.budget
        else { return [] }
        budget.haveMessages += 1
        peers[peer]?.budget = budget
        let room = configuration.maxHaveIDs - budget.askedIDs
        guard budget.haveMessages <= configuration.maxHaveMessages, room > 0 else { return [] }
        var unknown: [GossipMessageID] = []
        var known: Set<GossipMessageID> = []
        for have in list where meshIndex(have.topic) != nil {
            for id in have.ids where isUnknown(id) && known.insert(id).inserted { unknown.append(id) }
        }
        let wanted = Array(shuffled(unknown).prefix(room))
        guard let promised = wanted.first else { return [] }
        peers[peer]?.budget.askedIDs += wanted.count
        promises.add(promised, by: peer, deadline: now + configuration.followUpTime)
        return wanted
    }

    private func isUnknown(_ id: GossipMessageID) -> Bool {
        !id.isEmpty && id.count <= configuration.maxIDBytes && !seen.contains(id) && pending[id] == nil
    }

    /// IWANT: the messages to send.
    private mutating func readWant(_ list: [[GossipMessageID]], from peer: GossipPeerID) -> [GossipMessage] {
        guard !list.isEmpty, scores.score(peer) >= scoring.gossipThreshold else { return [] }
        var messages: [GossipMessage] = []
        var asked: Set<GossipMessageID> = []
        var count = peers[peer]?.budget.wantIDs ?? 0
        for id in list.joined() {
            guard count < configuration.maxWantIDs else { break }
            count += 1
            guard asked.insert(id).inserted, peers[peer]?.unwanted[id] == nil else { continue }
            if let message = cache.take(id, for: peer) { messages.append(message) }
        }
        peers[peer]?.budget.wantIDs = count
        return messages
    }

    /// IDONTWANT: those messages are not relayed to the peer for a while.
    private mutating func readDontWant(_ list: [[GossipMessageID]], from peer: GossipPeerID) {
        guard !list.isEmpty, configuration.dontWantLifetime > 0 else { return }
        guard var state = peers[peer] else { return }
        let room = configuration.maxDontWantIDs - state.budget.dontWantIDs
        let ids = list.joined().prefix(room)
        state.budget.dontWantIDs += ids.count
        for id in ids where !id.isEmpty && id.count <= configuration.maxIDBytes {
            state.unwanted[id] = configuration.dontWantLifetime
        }
        peers[peer] = state
    }

    /// GRAFT: the peer joins the mesh or gets a PRUNE. A topic that is not joined is passed over in silence.
    private mutating func readGraft(_ topics: [String], from peer: GossipPeerID) -> [GossipPrune] {
        var prunes: [GossipPrune] = []
        for topic in topics {
            guard let index = meshIndex(topic), !meshes[index].peers.contains(peer) else { continue }
            let refusal = refusal(of: peer, meshes[index])
            guard let refusal else {
                addToMesh(peer, index)
                continue
            }
            if refusal == .backoff { penalizeGraft(peer, topic) }
            let prune = makePrune(
                peer, topic, backoff: configuration.pruneBackoff, exchange: refusal == .full)
            if !prunes.contains(where: { $0.topic == topic }) { prunes.append(prune) }
        }
        return prunes
    }

    private enum Refusal { case notSubscribed, backoff, score, full }

    private func refusal(of peer: GossipPeerID, _ mesh: Mesh) -> Refusal? {
        guard let state = peers[peer], state.topics.contains(mesh.topic) else { return .notSubscribed }
        if let expiry = backoffs.expiry(peer, topic: mesh.topic), now < expiry { return .backoff }
        if scores.score(peer) < 0 { return .score }
        return mesh.peers.count >= configuration.degreeHigh && !state.isOutbound ? .full : nil
    }

    /// A GRAFT within the backoff is misbehaviour (P7), twice if the PRUNE was just sent.
    private mutating func penalizeGraft(_ peer: GossipPeerID, _ topic: String) {
        guard let expiry = backoffs.expiry(peer, topic: topic) else { return }
        let prunedAt = expiry - configuration.pruneBackoff
        scores.penalize(peer, now < prunedAt + configuration.graftFloodThreshold ? 2 : 1)
    }

    /// PRUNE: the peer leaves the mesh and is left alone for as long as it says. The peers to connect to.
    private mutating func readPrune(_ list: [GossipPrune], from peer: GossipPeerID) -> [GossipAction] {
        var connects: [GossipAction] = []
        let longest = UInt64(configuration.maxBackoff.components.seconds)
        for prune in list {
            guard let index = meshIndex(prune.topic) else { continue }
            removeFromMesh(peer, index)
            let backoff = prune.backoff.map { .seconds(Int64(min($0, longest))) } ?? configuration.pruneBackoff
            backoffs.set(peer, topic: prune.topic, until: now + backoff)
            guard configuration.peerExchange, scores.score(peer) >= scoring.acceptExchangeThreshold else { continue }
            for info in prune.peers where connects.count < configuration.prunePeers {
                guard info.peer != id, peers[info.peer] == nil, !info.peer.isEmpty else { continue }
                connects.append(.connect(info))
            }
        }
        return connects
    }
}
