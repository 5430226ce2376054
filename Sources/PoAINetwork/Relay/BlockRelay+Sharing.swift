import struct LibP2P.PeerID

/// How peers share the queue.
extension BlockRelay {
    /// Blocks that made room for those of peers with fewer since the last call; they are ignored.
    public mutating func takeDisplaced() -> [Waiting] {
        defer { displaced = [] }
        return displaced
    }

    /// Each may have its share; of a full queue also who has fewer than another, even with one more.
    func mayQueue(_ peer: PeerID) -> Bool {
        let own = queues[peer]?.count ?? 0
        guard count < Self.queueLimit else { return own + 1 < queues.values.map(\.count).max() ?? 0 }
        let sharing = max(1, queues.count + (own == 0 ? 1 : 0))
        return own < max(1, Self.queueLimit / sharing)
    }

    /// Of a full queue the newest block of the peer that has most goes. Its forward pass was not run.
    mutating func makeRoom() {
        guard count >= Self.queueLimit,
            let peer = turns.max(by: { queues[$0]?.count ?? 0 < queues[$1]?.count ?? 0 }),
            let waiting = queues[peer]?.popLast()
        else { return }
        inFlight.remove(waiting.hash)
        displaced.append(waiting)
        budget.giveBack(peer)
        guard queues[peer]?.isEmpty == true else { return }
        queues[peer] = nil
        turns.removeAll { $0 == peer }
    }
}
