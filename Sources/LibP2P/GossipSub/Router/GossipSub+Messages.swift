extension GossipSub {
    /// Publishes an own message; its id is returned with what to send. Nothing is validated.
    /// Throws `topicRefused`, `messageRefused` or `duplicate`.
    public mutating func publish(
        _ message: GossipMessage, now time: Duration
    ) throws(GossipError) -> (id: GossipMessageID, actions: [GossipAction]) {
        advance(time)
        guard isValidTopic(message.topic) else { throw .topicRefused }
        guard message.byteCount <= configuration.maxMessageBytes, let id = validID(of: message)
        else { throw .messageRefused }
        guard !isKnown(id) else { throw .duplicate }
        seen.insert(id, .accepted(at: now), from: nil, now: now)
        cache.insert(message, id: id)
        return (id, send(message, id, to: publishTargets(message.topic)))
    }

    /// Reports what the validation of a message found. An unknown id, or one that was reported before, does nothing.
    public mutating func report(
        _ id: GossipMessageID, _ verdict: GossipVerdict, now time: Duration
    ) -> [GossipAction] {
        advance(time)
        guard let waiting = removePending(id) else { return [] }
        let message = waiting.message
        let senders = seen.entries[id]?.senders ?? [waiting.from]
        switch verdict {
        case .ignore:
            seen.insert(id, .ignored, from: waiting.from, now: now)
            return []
        case .reject:
            seen.insert(id, .rejected, from: waiting.from, now: now)
            for peer in senders { scores.countInvalid(peer, topic: message.topic) }
            return []
        case .accept:
            seen.insert(id, .accepted(at: now), from: waiting.from, now: now)
            scores.countFirstDelivery(waiting.from, topic: message.topic)
            for peer in senders where peer != waiting.from {
                scores.countDuplicate(peer, topic: message.topic, age: nil)
            }
            guard let index = meshIndex(message.topic) else { return [] }
            cache.insert(message, id: id)
            return send(message, id, to: meshes[index].peers.filter { !senders.contains($0) })
        }
    }

    /// Reads a message: a new one is to be validated, a known one changes scores.
    package mutating func read(
        _ message: GossipMessage, _ examined: GossipExamination?, from peer: GossipPeerID
    ) -> [GossipAction] {
        guard let index = meshIndex(message.topic) else { return [] }
        guard message.byteCount <= configuration.maxMessageBytes, let id = validID(of: message, examined) else {
            scores.countInvalid(peer, topic: message.topic)
            return []
        }
        // Own messages that come back are no fault: after a restart, peers may still relay those of the run before.
        guard message.source != self.id else { return [] }
        guard !isKnown(id) else {
            readDuplicate(id, message.topic, from: peer)
            return []
        }
        guard hasRoom(for: message) else {
            // No room is this node's trouble: nobody broke a promise.
            promises.fulfil(id)
            return []
        }
        guard examined?.isAuthentic ?? isAuthentic(message) else {
            scores.countInvalid(peer, topic: message.topic)
            return []
        }
        promises.fulfil(id)
        seen.insert(id, .validating, from: peer, now: now)
        pending[id] = Pending(message: message, from: peer, expiry: now + configuration.seenLifetime)
        pendingBytes += message.byteCount
        return dontWant(id, message, meshes[index].peers, from: peer) + [.validate(id, message, from: peer)]
    }

    private mutating func readDuplicate(_ id: GossipMessageID, _ topic: String, from peer: GossipPeerID) {
        guard seen.addSender(peer, to: id), let status = seen.entries[id]?.status else { return }
        switch status {
        case .validating, .ignored: break
        case .rejected: scores.countInvalid(peer, topic: topic)
        case .accepted(let time): scores.countDuplicate(peer, topic: topic, age: now - time)
        }
    }

    /// IDONTWANT for a large message to the mesh peers that know it and that may be about to send the message too.
    private func dontWant(
        _ id: GossipMessageID, _ message: GossipMessage, _ mesh: [GossipPeerID], from sender: GossipPeerID
    ) -> [GossipAction] {
        guard message.data.count >= configuration.dontWantThreshold else { return [] }
        let rpc = GossipRPC(control: GossipControl(dontWant: [[id]]))
        return mesh.filter { $0 != sender && $0 != message.source && peers[$0]?.version == .v1_2 }
            .map { .send(rpc, to: $0) }
    }

    private func send(_ message: GossipMessage, _ id: GossipMessageID, to targets: [GossipPeerID]) -> [GossipAction] {
        let rpc = GossipRPC(messages: [message])
        return targets.filter { $0 != message.source && peers[$0]?.unwanted[id] == nil }.map { .send(rpc, to: $0) }
    }

    package mutating func removePending(_ id: GossipMessageID) -> Pending? {
        guard let waiting = pending.removeValue(forKey: id) else { return nil }
        pendingBytes -= waiting.message.byteCount
        return waiting
    }

    /// The peers that an own message goes to: all of the topic, or the mesh, or the fanout.
    private mutating func publishTargets(_ topic: String) -> [GossipPeerID] {
        let able = subscribers(topic, minimum: scoring.publishThreshold)
        if configuration.floodPublish { return able }
        if let index = meshIndex(topic) { return meshes[index].peers }
        if let index = fanouts.firstIndex(where: { $0.topic == topic }) {
            fanouts[index].publishedAt = now
            return fanouts[index].peers
        }
        let chosen = Array(shuffled(able).prefix(configuration.degree))
        if fanouts.count < configuration.maxTopics && !chosen.isEmpty {
            fanouts.append(Fanout(topic: topic, peers: chosen, publishedAt: now))
        }
        return chosen
    }
}
