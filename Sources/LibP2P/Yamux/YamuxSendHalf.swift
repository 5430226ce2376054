import NIOCore

/// Data that waits for the connection and for the peer's window.
struct YamuxSendQueue: Sendable {
    /// What the peer allows; at most 2³² − 1.
    private(set) var window = YamuxLimits.initialWindow
    private var bytes = YamuxByteQueue()

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }
    /// Bytes that may be sent now.
    var sendable: Int { min(count, window) }

    /// False: the sum is more than a window can be.
    mutating func widen(by delta: UInt32) -> Bool {
        guard window + Int(delta) <= Int(UInt32.max) else { return false }
        window += Int(delta)
        return true
    }

    mutating func append(_ more: ArraySlice<UInt8>) { bytes.append(more) }

    /// Moves the first bytes to `buffer`, at most `sendable`.
    mutating func move(_ most: Int, to buffer: inout ByteBuffer) {
        window -= min(most, sendable)
        bytes.move(most, to: &buffer)
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
    mutating func append(_ bytes: ArraySlice<UInt8>) -> Bool {
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

    /// Appends the next frame to `buffer`. Returns the number of bytes of data in it; nil if there is no frame now.
    mutating func write(most: Int, of id: YamuxStreamID, into buffer: inout ByteBuffer) -> Int? {
        guard isReady else { return nil }
        switch self {
        case .open(var queue):
            self = .finished
            defer { self = .open(queue) }
            let count = min(most, queue.sendable)
            YamuxFrame.encodeHeader(ofData: count, id, [], into: &buffer)
            queue.move(count, to: &buffer)
            return count
        case .finishing(var queue):
            self = .finished
            let count = min(most, queue.sendable)
            let isLast = count == queue.count
            YamuxFrame.encodeHeader(ofData: count, id, isLast ? .fin : [], into: &buffer)
            queue.move(count, to: &buffer)
            if !isLast { self = .finishing(queue) }
            return count
        case .finished: return nil
        }
    }
}
