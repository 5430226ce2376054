/// A bucket that fills by time; what is done costs tokens. Pure; times are those of one clock.
struct TokenBucket: Sendable {
    let capacity: Double
    let perSecond: Double
    private var level: Double
    private var since: Duration

    /// A full bucket.
    init(capacity: Int, perSecond: Int, at now: Duration) {
        self.capacity = Double(capacity)
        self.perSecond = Double(perSecond)
        level = self.capacity
        since = now
    }

    /// Tokens there are; negative after a `charge` above them.
    mutating func tokens(at now: Duration) -> Double {
        if now > since {
            level = min(capacity, level + (now - since) / .seconds(1) * perSecond)
            since = now
        }
        return level
    }

    /// Takes tokens, if so many are there.
    mutating func take(_ count: Int, at now: Duration) -> Bool {
        guard tokens(at: now) >= Double(count) else { return false }
        level -= Double(count)
        return true
    }

    /// Takes tokens that may have to be filled in first.
    mutating func charge(_ count: Int, at now: Duration) { level = tokens(at: now) - Double(max(0, count)) }
}
