import LibP2P
import PoAIPrimitives

extension TransactionService {
    /// Judges a message of the topic: fetches from its sender, or from others that announced the same, what is unknown, and
    /// offers it to the pool.
    ///
    /// - Returns: `accept` when something was new and this node has all that the message names, as those to whom it goes
    ///   will ask this node for it; `reject` when the sender is at fault; `ignore` otherwise. What was new in a message that
    ///   is not relayed is announced by this node, so that nobody can hold a transaction back by a bad message that names it.
    public func validate(_ message: [UInt8], from peer: PeerID) async -> GossipVerdict {
        guard mayTalk(peer) else { return .ignore }
        guard enter(peer) else {
            catchUp(with: peer) { _, _ in true }
            return .ignore
        }
        defer { leave(peer) }
        let entries: [TransactionAnnouncement.Entry]
        do throws(WireError) {
            guard message.count <= Self.messageLimit else { throw .value("transactions") }
            entries = try TransactionAnnouncement(message).entries
        } catch {
            offend(peer, .malformed)
            return .reject
        }
        let unknown = entries.filter { !pool.contains($0.hash) }
        guard !unknown.isEmpty else { return .ignore }
        let outcomes = await outcomes { $0.announced(unknown, by: peer, at: $1) }
        let lost = unknown.filter { outcomes[$0.hash, default: .missing] == .missing && !pool.contains($0.hash) }
        catchUp(with: peer) { relay, now in lost.contains { !relay.isSettled($0.hash, at: now) } }
        return verdict(on: entries, outcomes, from: peer)
    }

    /// Has the pool compared with the peer's soon, as the topic will not name again what was ignored.
    private func catchUp(with peer: PeerID, if isNeeded: (TransactionRelay, Duration) -> Bool) {
        let now = now
        state.withLock { state in
            guard state.admitted.contains(peer), state.behind[peer] == nil, isNeeded(state.relay, now) else { return }
            state.behind[peer] = now + times.catchUp
        }
    }

    private func verdict(
        on entries: [TransactionAnnouncement.Entry], _ outcomes: Outcomes, from peer: PeerID
    ) -> GossipVerdict {
        let verdict = self.verdict(of: entries, outcomes, from: peer)
        let added = entries.map(\.hash).filter { if case .added = outcomes[$0] { true } else { false } }
        if verdict != .accept, !added.isEmpty { announce(added, again: true) }
        return verdict == .accept && added.isEmpty ? .ignore : verdict
    }

    /// `accept` when nothing is wrong and this node has all.
    private func verdict(
        of entries: [TransactionAnnouncement.Entry], _ outcomes: Outcomes, from peer: PeerID
    ) -> GossipVerdict {
        if outcomes.values.contains(.invalid) { return .reject }
        let sizes = entries.map { outcomes[$0.hash]?.size ?? pool.encoded($0.hash)?.count }
        if zip(entries, sizes).contains(where: { $1 != nil && $1 != $0.size }) {
            offend(peer, .wrongAnswer)
            return .reject
        }
        return entries.allSatisfy { pool.contains($0.hash) } ? .accept : .ignore
    }

    /// The outcomes of the hashes that `want` makes the relay want.
    func outcomes(
        _ want: @Sendable (inout TransactionRelay, Duration) -> [Hash32]
    ) async -> Outcomes {
        await withCheckedContinuation { waiter in
            var isStopped = true
            perform { state, effects, now in
                isStopped = false
                state.wait(for: want(&state.relay, now), waiter, &effects)
            }
            if isStopped { waiter.resume(returning: [:]) }
        }
    }

    private func enter(_ peer: PeerID) -> Bool {
        state.withLock { state in
            guard state.isRunning, state.validating[peer, default: 0] < Self.validationsPerPeer else { return false }
            state.validating[peer, default: 0] += 1
            return true
        }
    }

    private func leave(_ peer: PeerID) {
        state.withLock { state in
            let count = state.validating[peer, default: 1] - 1
            state.validating[peer] = count > 0 ? count : nil
        }
    }
}
