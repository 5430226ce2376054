/// What waits to be sent to one peer, first in, first out. At the limit the least important goes first, the oldest of it.
package struct GossipSendQueue: Sendable {
    /// How important something is, the least first.
    package enum Importance: Int, Comparable, Sendable {
        /// IHAVE, IWANT and IDONTWANT.
        case gossip
        /// GRAFT and PRUNE.
        case control
        /// Messages of others.
        case relayed
        /// Messages of this node.
        case own
        /// Subscriptions: without them the peer would be wrong about this node for good.
        case subscription

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        package init(_ rpc: GossipRPC, isOwn: Bool) {
            self =
                if !rpc.subscriptions.isEmpty {
                    .subscription
                } else if !rpc.messages.isEmpty {
                    isOwn ? .own : .relayed
                } else {
                    rpc.control.graft.isEmpty && rpc.control.prune.isEmpty ? .gossip : .control
                }
        }
    }

    private struct Entry: Sendable {
        let frame: [UInt8]
        let importance: Importance
    }

    /// What an entry costs beside its bytes, so that small ones are bounded too.
    package static let overhead = 512

    /// The most bytes.
    package let limit: Int
    /// The bytes that wait, with the overhead.
    package private(set) var byteCount = 0
    /// How many entries did not find room.
    package private(set) var dropped = 0
    private var entries: [Entry] = []

    package init(limit: Int) { self.limit = limit }

    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a frame. False when there would be no room even without everything that may be dropped; the peer is lost then.
    package mutating func append(_ frame: [UInt8], _ importance: Importance) -> Bool {
        entries.append(Entry(frame: frame, importance: importance))
        byteCount += frame.count + Self.overhead
        while byteCount > limit {
            guard let least = entries.map(\.importance).min(), least < .subscription,
                let index = entries.firstIndex(where: { $0.importance == least })
            else { return false }
            remove(index)
            dropped += 1
        }
        return true
    }

    package mutating func popFirst() -> [UInt8]? {
        entries.isEmpty ? nil : remove(0)
    }

    package mutating func removeAll() {
        entries = []
        byteCount = 0
    }

    @discardableResult private mutating func remove(_ index: Int) -> [UInt8] {
        let frame = entries.remove(at: index).frame
        byteCount -= frame.count + Self.overhead
        return frame
    }
}
