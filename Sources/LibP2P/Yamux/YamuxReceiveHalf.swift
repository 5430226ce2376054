/// What a peer may send on a stream. `credit + unconsumed ≤ size` always; the rest is granted with the next update.
struct YamuxReceiveWindow: Hashable, Sendable {
    /// What the window grows to when everything is consumed.
    private(set) var size = YamuxLimits.initialWindow
    /// What the peer may still send.
    private(set) var credit = YamuxLimits.initialWindow
    /// What it sent and was not consumed.
    private(set) var unconsumed = 0
    private var lastGrant: Duration

    init(at now: Duration) { lastGrant = now }

    /// What an update would add now.
    var grantable: Int { size - credit - unconsumed }
    /// Updates for less than half of the window are not worth a frame.
    var isUpdateDue: Bool { grantable * 2 >= size }

    /// False: it is more than the window allows.
    mutating func receive(_ count: Int) -> Bool {
        guard count <= credit else { return false }
        credit -= count
        unconsumed += count
        return true
    }

    /// False: it is more than was received.
    mutating func consume(_ count: Int) -> Bool {
        guard count >= 0, count <= unconsumed else { return false }
        unconsumed -= count
        return true
    }

    /// Whether the whole window was used within four round trips, so that it, not the reader, is what limits the peer.
    func isTooSmall(at now: Duration, roundTrip: Duration?) -> Bool {
        guard let roundTrip else { return false }
        return now - lastGrant < roundTrip * 4
    }

    mutating func grow(to newSize: Int) { size = max(size, newSize) }

    /// The peer is being told: it may send that much more.
    mutating func grant(at now: Duration) -> Int {
        let delta = grantable
        credit += delta
        lastGrant = now
        return delta
    }
}

/// The half of a stream that comes from the peer.
enum YamuxReceiveHalf: Hashable, Sendable {
    case open(YamuxReceiveWindow)
    /// The peer finished; what is left is to be consumed.
    case finished(unconsumed: Int)

    var unconsumed: Int {
        switch self {
        case .open(let window): window.unconsumed
        case .finished(let unconsumed): unconsumed
        }
    }

    /// What it counts against the budget of windows.
    var windowSize: Int {
        switch self {
        case .open(let window): window.size
        case .finished: 0
        }
    }

    /// False: it is more than was received.
    mutating func consume(_ count: Int) -> Bool {
        switch self {
        case .open(var window):
            guard window.consume(count) else { return false }
            self = .open(window)
        case .finished(let unconsumed):
            guard count >= 0, count <= unconsumed else { return false }
            self = .finished(unconsumed: unconsumed - count)
        }
        return true
    }
}
