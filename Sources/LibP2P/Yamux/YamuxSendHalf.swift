/// Data that waits for the connection and for the peer's window.
struct YamuxSendQueue: Sendable {
    /// What the peer allows; at most 2³² − 1.
    private(set) var window = YamuxLimits.initialWindow
    private var bytes = YamuxByteQueue()

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }

    /// False: the sum is more than a window can be.
    mutating func widen(by delta: UInt32) -> Bool {
        guard window + Int(delta) <= Int(UInt32.max) else { return false }
        window += Int(delta)
        return true
    }

    mutating func append(_ more: [UInt8]) { bytes.append(more) }

    /// What the window allows of the first bytes.
    mutating func take(_ most: Int) -> [UInt8] {
        let taken = bytes.take(min(most, window))
        window -= taken.count
        return taken
    }
}

/// The half of a stream that goes to the peer.
enum YamuxSendHalf: Sendable {
    case open(YamuxSendQueue)
    /// Nothing is added any more; the last frame with data carries FIN.
    case finishing(YamuxSendQueue)
    /// FIN was handed out.
    case finished

    /// Whether there is a frame that may be sent now.
    var isReady: Bool {
        switch self {
        case .open(let queue): !queue.isEmpty && queue.window > 0
        case .finishing(let queue): queue.isEmpty || queue.window > 0
        case .finished: false
        }
    }

    var queued: Int {
        switch self {
        case .open(let queue), .finishing(let queue): queue.count
        case .finished: 0
        }
    }

    /// False: the sum is more than a window can be.
    mutating func widen(by delta: UInt32) -> Bool {
        switch self {
        case .open(var queue):
            self = .finished
            defer { self = .open(queue) }
            return queue.widen(by: delta)
        case .finishing(var queue):
            self = .finished
            defer { self = .finishing(queue) }
            return queue.widen(by: delta)
        case .finished: return true
        }
    }

    /// False: the half is finished.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        guard case .open(var queue) = self else { return false }
        self = .finished
        queue.append(bytes)
        self = .open(queue)
        return true
    }

    /// False: it was finished before.
    mutating func finish() -> Bool {
        guard case .open(let queue) = self else { return false }
        self = .finishing(queue)
        return true
    }

    /// The data of the next frame and whether it is the last one; nil if there is none now.
    mutating func take(_ most: Int) -> (bytes: [UInt8], isLast: Bool)? {
        guard isReady else { return nil }
        switch self {
        case .open(var queue):
            self = .finished
            defer { self = .open(queue) }
            return (queue.take(most), false)
        case .finishing(var queue):
            self = .finished
            let bytes = queue.take(most)
            guard !queue.isEmpty else { return (bytes, true) }
            self = .finishing(queue)
            return (bytes, false)
        case .finished: return nil
        }
    }
}
