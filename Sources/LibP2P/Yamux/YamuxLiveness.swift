/// Pings, and what a peer costs without use, over time.
struct YamuxLiveness: Hashable, Sendable {
    enum Ping: Hashable {
        case idle(next: Duration)
        case waiting(value: UInt32, since: Duration)
    }

    private(set) var ping: Ping
    private(set) var roundTrip: Duration?
    private(set) var lastReceived: Duration
    private var lastValue: UInt32 = 0
    private var periodStart: Duration
    private(set) var nuisances = 0

    /// The first ping is due at once, as the round trip is needed to size windows.
    init(at now: Duration) {
        ping = .idle(next: now)
        lastReceived = now
        periodStart = now
    }

    mutating func received(at now: Duration, period: Duration) {
        lastReceived = max(lastReceived, now)
        guard now - periodStart >= period else { return }
        periodStart = now
        nuisances = 0
    }

    mutating func countNuisance() -> Int {
        nuisances += 1
        return nuisances
    }

    /// The value of a ping that is due.
    mutating func startPing(at now: Duration) -> UInt32? {
        guard case .idle(let next) = ping, now >= next else { return nil }
        lastValue &+= 1
        ping = .waiting(value: lastValue, since: now)
        return lastValue
    }

    /// How long the answer took; nil if nothing like it was asked.
    mutating func answered(_ value: UInt32, at now: Duration, interval: Duration) -> Duration? {
        guard case .waiting(value, let since) = ping else { return nil }
        ping = .idle(next: since + interval)
        roundTrip = now - since
        return roundTrip
    }

    /// When a ping is due, or the answer of the last one too late. Any byte shows that the peer is alive, as an answer
    /// may wait behind much data.
    func deadline(timeout: Duration) -> Duration {
        switch ping {
        case .idle(let next): next
        case .waiting(_, let since): max(since, lastReceived) + timeout
        }
    }

    func isDead(at now: Duration, timeout: Duration) -> Bool {
        guard case .waiting = ping else { return false }
        return now >= deadline(timeout: timeout)
    }
}

extension YamuxSession {
    /// When `tick` has something to do; nil once the session is over.
    public var nextDeadline: Duration? { end == nil ? liveness.deadline(timeout: limits.pingTimeout) : nil }

    /// Lets time pass: sends the ping that is due, ends the session if the peer is gone.
    public mutating func tick(at now: Duration) -> [YamuxAction] {
        var actions: [YamuxAction] = []
        guard end == nil else { return actions }
        if liveness.isDead(at: now, timeout: limits.pingTimeout) {
            end(.keepAlive, last: nil, &actions)
        } else if let value = liveness.startPing(at: now) {
            control.append(.frame(.ping(value)))
        }
        return actions
    }
}
