/// The messages of the last heartbeats, which gossip advertises and IWANT asks for.
package struct GossipMessageCache: Sendable {
    private struct Cached: Sendable {
        package let message: GossipMessage
        package var sent: [GossipPeerID: Int] = [:]
    }

    private let limits: GossipConfiguration
    private var messages: [GossipMessageID: Cached] = [:]
    /// The ids by heartbeat, the current one first.
    private var windows: [[GossipMessageID]]
    package private(set) var byteCount = 0

    package init(_ configuration: GossipConfiguration) {
        limits = configuration
        windows = Array(repeating: [], count: configuration.historyLength)
    }

    package var count: Int { messages.count }

    /// Keeps a message; the oldest ones make room.
    package mutating func insert(_ message: GossipMessage, id: GossipMessageID) {
        guard messages[id] == nil else { return }
        while messages.count >= limits.maxCached || byteCount + message.byteCount > limits.maxCachedBytes {
            guard removeOldest() else { return }
        }
        messages[id] = Cached(message: message)
        windows[0].append(id)
        byteCount += message.byteCount
    }

    package func message(_ id: GossipMessageID) -> GossipMessage? { messages[id]?.message }

    /// The message for a peer that asks for it, nil if it is gone or the peer had it often enough.
    package mutating func take(_ id: GossipMessageID, for peer: GossipPeerID) -> GossipMessage? {
        guard let cached = messages[id] else { return nil }
        let sent = cached.sent[peer] ?? 0
        guard sent < limits.gossipRetransmission else { return nil }
        guard sent > 0 || cached.sent.count < 2 * limits.maxPeers else { return nil }
        messages[id]?.sent[peer] = sent + 1
        return cached.message
    }

    /// The ids to advertise for a topic, the newest heartbeat first.
    package func gossipIDs(topic: String) -> [GossipMessageID] {
        windows.prefix(limits.historyGossip).joined().filter { messages[$0]?.message.topic == topic }
    }

    /// Ends the current heartbeat: messages of the oldest one are forgotten.
    package mutating func shift() {
        for id in windows.removeLast() { remove(id) }
        windows.insert([], at: 0)
    }

    private mutating func removeOldest() -> Bool {
        guard let index = windows.lastIndex(where: { !$0.isEmpty }) else { return false }
        remove(windows[index].removeFirst())
        return true
    }

    private mutating func remove(_ id: GossipMessageID) {
        guard let cached = messages.removeValue(forKey: id) else { return }
        byteCount -= cached.message.byteCount
    }

    /// What is wrong with the cache, nothing normally.
    package func invariants() -> [String] {
        var wrong: [String] = []
        if windows.reduce(0, { $0 + $1.count }) != messages.count { wrong.append("cache: windows and messages differ") }
        if messages.values.reduce(0, { $0 + $1.message.byteCount }) != byteCount { wrong.append("cache: bytes differ") }
        if messages.count > limits.maxCached || byteCount > limits.maxCachedBytes { wrong.append("cache: too large") }
        return wrong
    }
}
