extension GossipRPC {
    /// As many ids go together when an RPC is split.
    private static let idsPerPart = 1000

    /// The encoded RPC, or those of its parts when it is longer than `limit` bytes or has too many fields; the order stays.
    /// A part that alone is too long, such as one message, is left out.
    public func encodedParts(limit: Int = Self.maximumBytes) -> [[UInt8]] {
        let whole = encoded
        if whole.count <= limit && fieldBound <= Self.maximumFields { return [whole] }
        var list: [[UInt8]] = []
        var current = GossipRPC()
        var (bytes, fields) = (0, 0)
        for part in parts {
            // Together, parts are no longer than their sum: they share the frame of the control message.
            let count = part.encoded.count
            guard count <= limit else { continue }
            if bytes + count > limit || fields + part.fieldBound > Self.maximumFields {
                list.append(current.encoded)
                current = GossipRPC()
                (bytes, fields) = (0, 0)
            }
            current.append(part)
            bytes += count
            fields += part.fieldBound
        }
        return bytes > 0 ? list + [current.encoded] : list
    }

    /// At least as many fields as `GossipFieldCount` finds.
    private var fieldBound: Int {
        let lists = control.have.map(\.ids.count) + control.want.map(\.count) + control.dontWant.map(\.count)
        let prunes = control.prune.reduce(0) { $0 + $1.peers.count + 3 }
        return subscriptions.count + messages.count + lists.reduce(0) { $0 + $1 + 2 } + prunes
            + 2 * control.graft.count + 1
    }

    /// RPCs of one element, or of some ids, each.
    private var parts: [GossipRPC] {
        var parts = subscriptions.map { GossipRPC(subscriptions: [$0]) } + messages.map { GossipRPC(messages: [$0]) }
        for have in control.have {
            parts += Self.chunks(have.ids).map { ids in
                GossipRPC(control: GossipControl(have: [GossipIHave(topic: have.topic, ids: ids)]))
            }
        }
        for ids in control.want.flatMap(Self.chunks) { parts.append(GossipRPC(control: GossipControl(want: [ids]))) }
        for topic in control.graft { parts.append(GossipRPC(control: GossipControl(graft: [topic]))) }
        for prune in control.prune { parts.append(GossipRPC(control: GossipControl(prune: [prune]))) }
        for ids in control.dontWant.flatMap(Self.chunks) {
            parts.append(GossipRPC(control: GossipControl(dontWant: [ids])))
        }
        return parts
    }

    private static func chunks(_ ids: [GossipMessageID]) -> [[GossipMessageID]] {
        stride(from: 0, to: ids.count, by: idsPerPart).map { Array(ids[$0..<min($0 + idsPerPart, ids.count)]) }
    }

    private mutating func append(_ other: GossipRPC) {
        subscriptions += other.subscriptions
        messages += other.messages
        control.have += other.control.have
        control.want += other.control.want
        control.graft += other.control.graft
        control.prune += other.control.prune
        control.dontWant += other.control.dontWant
    }
}
