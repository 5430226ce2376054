import PoAIPrimitives

/// Remembers what happened to hashes lately: at most `capacity`, those used last. Two generations of half the capacity each;
/// when the younger is full it takes the place of the older.
struct RecentHashes: Sendable {
    struct Note: Sendable {
        /// Until when the transaction is not fetched again.
        var until: Duration = .zero
        /// How often the pool had no place for it, so far.
        var refusals = 0
        /// It came by the topic, or this node announced it there.
        var isPublic = false
        /// This node announced it.
        var isOurs = false
    }

    private let half: Int
    private var young: [Hash32: Note] = [:]
    private var old: [Hash32: Note] = [:]

    init(capacity: Int) { half = max(1, capacity / 2) }

    /// Hashes that are remembered; some count twice.
    var count: Int { young.count + old.count }

    subscript(hash: Hash32) -> Note { young[hash] ?? old[hash] ?? Note() }

    /// Whether the transaction need not be fetched.
    func isSettled(_ hash: Hash32, at now: Duration) -> Bool { self[hash].until > now }

    mutating func change(_ hash: Hash32, _ body: (inout Note) -> Void) {
        var note = self[hash]
        body(&note)
        if young[hash] == nil, young.count >= half {
            old = young
            young = [:]
        }
        young[hash] = note
    }
}
