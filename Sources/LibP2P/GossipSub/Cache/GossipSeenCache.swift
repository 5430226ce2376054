/// The ids of the messages that came by, for a while, and what became of them: it tells duplicates, and which peers share
/// the merit or the blame.
package struct GossipSeenCache: Sendable {
    package enum Status: Hashable, Sendable {
        case validating
        case accepted(at: Duration)
        case rejected
        case ignored
    }

    package struct Entry: Sendable {
        package var status: Status
        /// The peers that sent it, the first one first.
        package var senders: [GossipPeerID]
        package let expiry: Duration
    }

    /// As many senders of a message are recorded; more are neither rewarded nor blamed.
    package static let maxSenders = 1024

    package let lifetime: Duration
    package let limit: Int
    package private(set) var entries: [GossipMessageID: Entry] = [:]
    private var queue = GossipQueue<GossipMessageID>()

    package init(lifetime: Duration, limit: Int) {
        self.lifetime = lifetime
        self.limit = max(1, limit)
    }

    package func contains(_ id: GossipMessageID) -> Bool { entries[id] != nil }

    /// Remembers an unknown id; the oldest one makes room. A known id changes its status only.
    package mutating func insert(_ id: GossipMessageID, _ status: Status, from sender: GossipPeerID?, now: Duration) {
        if entries[id] != nil {
            entries[id]?.status = status
            return
        }
        while entries.count >= limit, let oldest = queue.popFirst() { entries[oldest] = nil }
        entries[id] = Entry(status: status, senders: sender.map { [$0] } ?? [], expiry: now + lifetime)
        queue.append(id)
    }

    /// Adds a sender to a known id. False if it sent the message before or the id is unknown.
    package mutating func addSender(_ peer: GossipPeerID, to id: GossipMessageID) -> Bool {
        guard let entry = entries[id], entry.senders.count < Self.maxSenders, !entry.senders.contains(peer)
        else { return false }
        entries[id]?.senders.append(peer)
        return true
    }

    package mutating func expire(now: Duration) {
        while let oldest = queue.first, let entry = entries[oldest], entry.expiry <= now {
            _ = queue.popFirst()
            entries[oldest] = nil
        }
    }

    /// What is wrong with the cache, nothing normally.
    package func invariants() -> [String] {
        var wrong: [String] = []
        if entries.count != queue.count { wrong.append("seen: \(entries.count) entries, \(queue.count) in the queue") }
        if entries.count > limit { wrong.append("seen: \(entries.count) entries exceed the limit") }
        return wrong
    }
}
