/// What lies between the tasks that use a stream and the connection that carries it. What a peer sent and nobody read is
/// bounded by the window of the stream, what waits to be sent by `roomForWriting` and one write.
struct StreamBuffers: Sendable {
    typealias Reading = CheckedContinuation<Result<[UInt8]?, StreamError>, Never>
    typealias Writing = CheckedContinuation<Result<Void, StreamError>, Never>

    /// A write returns once no more bytes than these wait.
    static let roomForWriting = 256 * 1024

    var protocolName = ""
    private var received = YamuxQueue<[UInt8]>()
    private var isFinishedByPeer = false
    private var isDiscarding = false
    /// Bytes that were read and whose window the peer did not get back yet.
    private var consumed = 0
    /// Bytes that were put back, which count as read already.
    private var rereadBytes = 0
    private var reading: Reading?
    private var outgoing = YamuxQueue<[UInt8]>()
    private var outgoingBytes = 0
    private var writing: Writing?
    private(set) var isFinished = false
    private var isFinishHandedOver = false
    private(set) var failure: StreamError?
    /// The connection has to be told that the stream is given up.
    private var isResetDue = false
    private var isServiceDue = false

    /// Whether nothing can happen to the stream any more.
    var isEnded: Bool { failure != nil || (isFinished && outgoing.isEmpty && isFinishedByPeer && received.isEmpty) }

    /// True once until the connection looks after the stream.
    mutating func needsService() -> Bool {
        defer { isServiceDue = true }
        return !isServiceDue
    }

    // MARK: The reader

    /// What a read gets at once; nil when it has to wait.
    mutating func read() -> Result<[UInt8]?, StreamError>? {
        if let bytes = received.popFirst() {
            consumed += max(0, bytes.count - rereadBytes)
            rereadBytes = max(0, rereadBytes - bytes.count)
            return .success(bytes)
        }
        if isFinishedByPeer { return .success(nil) }
        return failure.map { .failure($0) }
    }

    /// Has a read wait.
    mutating func wait(_ reading: Reading) {
        if let result = read() { return reading.resume(returning: result) }
        guard self.reading == nil else { return reading.resume(returning: .failure(.cancelled)) }
        self.reading = reading
    }

    mutating func cancelReading() {
        reading?.resume(returning: .failure(.cancelled))
        reading = nil
    }

    /// Bytes that were read too far come first again.
    mutating func putBack(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, failure == nil else { return }
        received.putBack(bytes)
        rereadBytes += bytes.count
    }

    private mutating func wakeReader() {
        guard let reading, let result = read() else { return }
        self.reading = nil
        reading.resume(returning: result)
    }

    // MARK: The writer

    /// Takes bytes to send. Nil: the writer has to wait for room.
    mutating func write(_ bytes: [UInt8]) -> Result<Void, StreamError>? {
        if let failure { return .failure(failure) }
        guard !isFinished else { return .failure(.finished) }
        guard !bytes.isEmpty else { return .success(()) }
        outgoing.append(bytes)
        outgoingBytes += bytes.count
        return outgoingBytes <= Self.roomForWriting ? .success(()) : nil
    }

    /// Has a write wait.
    mutating func wait(_ writing: Writing) {
        if let failure { return writing.resume(returning: .failure(failure)) }
        guard outgoingBytes > Self.roomForWriting else { return writing.resume(returning: .success(())) }
        guard self.writing == nil else { return writing.resume(returning: .failure(.cancelled)) }
        self.writing = writing
    }

    mutating func finish() -> Result<Void, StreamError> {
        if let failure { return .failure(failure) }
        isFinished = true
        return .success(())
    }

    // MARK: The connection

    /// What the connection has to do: give back the window of so many bytes, or end the stream.
    mutating func takeService() -> (consumed: Int, isReset: Bool) {
        isServiceDue = false
        defer { consumed = 0 }
        return (consumed, isResetDue)
    }

    /// The next bytes to send, at most so many.
    mutating func takeOutgoing(_ most: Int) -> [UInt8]? {
        guard failure == nil, let first = outgoing.popFirst() else { return nil }
        let taken = first.count <= most ? first : Array(first.prefix(most))
        if taken.count < first.count { outgoing.putBack(Array(first.dropFirst(most))) }
        outgoingBytes -= taken.count
        if outgoingBytes <= Self.roomForWriting {
            writing?.resume(returning: .success(()))
            writing = nil
        }
        return taken
    }

    /// Whether bytes wait to be sent.
    var hasOutgoing: Bool { failure == nil && !outgoing.isEmpty }

    /// True once, when everything was taken and the stream is finished.
    mutating func takeFinish() -> Bool {
        guard isFinished, outgoing.isEmpty, !isFinishHandedOver, failure == nil else { return false }
        isFinishHandedOver = true
        return true
    }

    /// Bytes of the peer. Returns how many of them are dealt with already.
    mutating func deliver(_ bytes: [UInt8]) -> Int {
        guard !isDiscarding, failure == nil else { return bytes.count }
        received.append(bytes)
        wakeReader()
        return 0
    }

    mutating func deliverEnd() {
        isFinishedByPeer = true
        wakeReader()
    }

    /// Ends the stream both ways. `isLocal`: the connection does not know yet.
    mutating func fail(_ error: StreamError, isLocal: Bool) {
        guard failure == nil, !isEnded else { return }
        failure = error
        isResetDue = isLocal
        // After a connection has gone, what a peer finished before is still read to its end.
        if error != .disconnected || !isFinishedByPeer {
            received = YamuxQueue()
            isFinishedByPeer = false
        }
        outgoing = YamuxQueue()
        outgoingBytes = 0
        wakeReader()
        writing?.resume(returning: .failure(error))
        writing = nil
    }

    /// Drops what comes from now on, and what came.
    mutating func discard() {
        isDiscarding = true
        while case .success(.some) = read() {}
    }
}
