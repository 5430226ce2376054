/// What takes time to find out of a message. It depends on the message alone, so who owns a router behind a lock finds it out
/// before taking the lock.
package struct GossipExamination: Hashable, Sendable {
    /// Its id; nil if it cannot have one.
    package var id: GossipMessageID?
    /// Whether it is signed as the network demands; nil: nobody looked.
    package var isAuthentic: Bool?

    package init(id: GossipMessageID?, isAuthentic: Bool? = nil) { (self.id, self.isAuthentic) = (id, isAuthentic) }
}

extension GossipSub {
    /// Of messages of a peer the places of those that the router would read at all.
    package func readable(_ messages: [GossipMessage], from peer: GossipPeerID) -> [Int] {
        guard peers[peer] != nil, scores.score(peer) >= scoring.graylistThreshold else { return [] }
        return messages.indices.filter { index in
            meshIndex(messages[index].topic) != nil && messages[index].byteCount <= configuration.maxMessageBytes
        }
    }

    /// Of messages whose ids were found out the places of those whose signature decides what becomes of them.
    package func unverified(_ messages: [GossipMessage], _ examined: [Int: GossipExamination]) -> [Int] {
        var ids: Set<GossipMessageID> = []
        return examined.keys.sorted().filter { index in
            guard let id = validID(of: messages[index], examined[index]), messages[index].source != self.id else {
                return false
            }
            return !isKnown(id) && hasRoom(for: messages[index]) && ids.insert(id).inserted
        }
    }

    package func isKnown(_ id: GossipMessageID) -> Bool { seen.contains(id) || pending[id] != nil }

    /// Whether one more message may wait for its verdict.
    package func hasRoom(for message: GossipMessage) -> Bool {
        pending.count < configuration.maxValidating
            && pendingBytes + message.byteCount <= configuration.maxValidatingBytes
    }

    /// The id of a message if it is one that a message may have.
    package func validID(of message: GossipMessage, _ examined: GossipExamination? = nil) -> GossipMessageID? {
        guard let id = examined.map(\.id) ?? messageID(message), !id.isEmpty, id.count <= configuration.maxIDBytes
        else { return nil }
        return id
    }
}
