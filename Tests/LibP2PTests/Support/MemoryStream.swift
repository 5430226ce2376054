import LibP2P
import Synchronization

/// One end of a stream in memory. A writer waits while more than `MemoryPipe.room` bytes are unread.
final class MemoryStream: PeerStream {
    let peer: PeerID
    let protocolName: String
    let isOutbound: Bool
    private let incoming: MemoryPipe
    private let outgoing: MemoryPipe

    private init(_ peer: PeerID, _ name: String, isOutbound: Bool, _ incoming: MemoryPipe, _ outgoing: MemoryPipe) {
        self.peer = peer
        protocolName = name
        self.isOutbound = isOutbound
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// The end of the peer that opens it, and the other end.
    static func pair(from opener: PeerID, to listener: PeerID, _ name: String) -> (MemoryStream, MemoryStream) {
        let (there, back) = (MemoryPipe(), MemoryPipe())
        return (
            MemoryStream(listener, name, isOutbound: true, back, there),
            MemoryStream(opener, name, isOutbound: false, there, back)
        )
    }

    /// Whether it was reset.
    var isOver: Bool { outgoing.isReset }

    func read() async throws(StreamError) -> [UInt8]? { try await incoming.read() }
    func write(_ bytes: [UInt8]) async throws(StreamError) { try await outgoing.write(bytes) }
    func finish() async throws(StreamError) { try outgoing.finish() }

    func reset() {
        incoming.reset()
        outgoing.reset()
    }

    /// Nobody holds this end any more: what was finished is still read at the other end.
    func release() {
        incoming.reset()
        if !outgoing.isFinished { outgoing.reset() }
    }
}

/// Bytes in one direction: one reader, one writer.
final class MemoryPipe: Sendable {
    /// As many bytes wait at most, but for those of the last write.
    static let room = 256 << 10

    private struct State: Sendable {
        var bytes: [UInt8] = []
        var isFinished = false
        var isReset = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var isReset: Bool { state.withLock { $0.isReset } }
    var isFinished: Bool { state.withLock { $0.isFinished } }

    func read() async throws(StreamError) -> [UInt8]? {
        while true {
            let found = try look { state throws(StreamError) -> [UInt8]?? in
                if state.isReset { throw .reset }
                if !state.bytes.isEmpty {
                    defer { state.bytes = [] }
                    return .some(state.bytes)
                }
                return state.isFinished ? .some(nil) : nil
            }
            if let found {
                wake()
                return found
            }
            try await wait { $0.bytes.isEmpty && !$0.isFinished && !$0.isReset }
        }
    }

    func write(_ bytes: [UInt8]) async throws(StreamError) {
        try look { state throws(StreamError) in
            if state.isReset { throw .reset }
            if state.isFinished { throw .finished }
            state.bytes += bytes
        }
        wake()
        while try look({ state throws(StreamError) -> Bool in
            if state.isReset { throw .reset }
            return state.bytes.count > Self.room
        }) {
            try await wait { $0.bytes.count > Self.room && !$0.isReset }
        }
    }

    func finish() throws(StreamError) {
        try look { state throws(StreamError) in
            if state.isReset { throw .reset }
            state.isFinished = true
        }
        wake()
    }

    func reset() {
        state.withLock { state in
            state.isReset = true
            state.bytes = []
        }
        wake()
    }

    private func look<Result: Sendable>(
        _ body: (inout State) throws(StreamError) -> Result
    ) throws(StreamError) -> Result {
        let result = state.withLock { state -> Swift.Result<Result, StreamError> in
            do throws(StreamError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func wait(while holds: @escaping @Sendable (borrowing State) -> Bool) async throws(StreamError) {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard holds(state), !Task.isCancelled else { return false }
                    state.waiters.append(continuation)
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        if Task.isCancelled { throw .cancelled }
    }

    private func wake() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// Waits for something to hold, generously; whether it came to hold.
func eventually(_ holds: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if try await holds() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
