import PoAIPrimitives

extension TransactionRelay {
    /// Transactions of this pool became executable: what nobody announced on the topic yet waits to be announced.
    /// - Parameter again: whether to announce also what came by the topic, unless this node announced it.
    /// - Returns: announcements to publish now.
    public mutating func announce(
        _ entries: [TransactionAnnouncement.Entry], again: Bool = false, at now: Duration
    ) -> [TransactionAnnouncement] {
        for entry in entries where (1...WireLimits.transaction).contains(entry.size) {
            let note = recent[entry.hash]
            guard !note.isOurs, again || !note.isPublic else { continue }
            if outbox.isEmpty { outboxSince = now }
            outbox.append(entry)
            recent.change(entry.hash) { note in
                note = RecentHashes.Note(until: max(note.until, now + limits.takenTime), isPublic: true, isOurs: true)
            }
        }
        return announcements(at: now)
    }

    /// Announcements to publish now: full ones, and what waited long enough.
    public mutating func announcements(at now: Duration) -> [TransactionAnnouncement] {
        var announcements: [TransactionAnnouncement] = []
        while outbox.count >= WireLimits.transactions || (!outbox.isEmpty && now >= outboxSince + limits.flushTime) {
            announcements.append(TransactionAnnouncement(Array(outbox.prefix(WireLimits.transactions))))
            outbox.removeFirst(min(outbox.count, WireLimits.transactions))
        }
        return announcements
    }

    /// Whether a transaction need not be fetched now, as it was here lately.
    public func isSettled(_ hash: Hash32, at now: Duration) -> Bool { recent.isSettled(hash, at: now) }
}
