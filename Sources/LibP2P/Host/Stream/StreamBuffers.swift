import NIOCore

/// What lies between the tasks that use a stream and the connection that carries it. Who is to go on is returned, to be
/// resumed without the lock, as it needs that at once.
struct StreamBuffers: Sendable {
    var protocolName = ""
    private var inbox = StreamInbox()
    private var outbox = StreamOutbox()
    private(set) var failure: StreamError?
    /// The connection has to be told that the stream is given up.
    private var isResetDue = false
    private var isServiceDue = false

    /// Whether nothing can happen to the stream any more.
    var isEnded: Bool {
        failure != nil || (outbox.isFinished && outbox.isEmpty && inbox.isFinishedByPeer && inbox.isEmpty)
    }

    var isFinished: Bool { outbox.isFinished }

    /// True once until the connection looks after the stream.
    mutating func needsService() -> Bool {
        defer { isServiceDue = true }
        return !isServiceDue
    }

    /// The same after a read, of which the connection need not know each time.
    mutating func needsServiceAfterRead() -> Bool { inbox.isReportDue && needsService() }

    // MARK: The reader

    /// What a read gets at once; nil when it has to wait.
    mutating func read() -> Result<ByteBuffer?, StreamError>? { inbox.read(failure) }

    /// Has a read wait.
    mutating func wait(_ reading: StreamInbox.Reading) -> StreamWake? {
        if let result = read() { return .reader(reading, result) }
        return inbox.wait(reading) ? nil : .reader(reading, .failure(.cancelled))
    }

    mutating func cancelReading() -> StreamWake? { inbox.takeReading().map { .reader($0, .failure(.cancelled)) } }

    /// Bytes that were read too far come first again.
    mutating func putBack(_ bytes: [UInt8]) { if failure == nil { inbox.putBack(bytes) } }

    // MARK: The writer

    /// Takes bytes to send. Nil: the writer has to wait for room.
    mutating func write(_ bytes: [UInt8]) -> Result<Void, StreamError>? {
        if let failure { return .failure(failure) }
        guard !isFinished else { return .failure(.finished) }
        outbox.append(bytes)
        return outbox.hasRoom ? .success(()) : nil
    }

    /// Has a write wait.
    mutating func wait(_ writing: StreamOutbox.Writing) -> StreamWake? {
        if let failure { return .writer(writing, .failure(failure)) }
        if outbox.hasRoom { return .writer(writing, .success(())) }
        return outbox.wait(writing) ? nil : .writer(writing, .failure(.cancelled))
    }

    mutating func finish() -> Result<Void, StreamError> {
        if let failure { return .failure(failure) }
        outbox.finish()
        return .success(())
    }

    // MARK: The connection

    /// What the connection has to do: give back the window of so many bytes, or end the stream.
    mutating func takeService() -> (consumed: Int, isReset: Bool) {
        isServiceDue = false
        return (inbox.takeConsumed(), isResetDue)
    }

    /// The next bytes to send, at most so many, and the writer that may go on.
    mutating func takeOutgoing(_ most: Int) -> (bytes: ArraySlice<UInt8>, wake: StreamWake?)? {
        failure == nil ? outbox.take(most) : nil
    }

    /// Whether bytes wait to be sent.
    var hasOutgoing: Bool { failure == nil && !outbox.isEmpty }

    /// True once, when everything was taken and the stream is finished.
    mutating func takeFinish() -> Bool { failure == nil && outbox.takeFinish() }

    /// Bytes of the peer; the reader is to be woken. Returns how many of them are dealt with already.
    mutating func deliver(_ bytes: ByteBuffer) -> Int { failure == nil ? inbox.deliver(bytes) : bytes.readableBytes }

    mutating func wakeReader() -> StreamWake? { inbox.wake(failure) }

    mutating func deliverEnd() -> StreamWake? {
        inbox.deliverEnd()
        return inbox.wake(failure)
    }

    /// Ends the stream both ways. `isLocal`: the connection does not know yet.
    mutating func fail(_ error: StreamError, isLocal: Bool) -> [StreamWake] {
        guard failure == nil, !isEnded else { return [] }
        failure = error
        isResetDue = isLocal
        // After a connection has gone, what a peer finished before is still read to its end.
        if error != .disconnected || !inbox.isFinishedByPeer { inbox.clear() }
        outbox.clear()
        return [inbox.wake(failure), outbox.takeWriting().map { .writer($0, .failure(error)) }].compactMap(\.self)
    }

    /// Drops what comes from now on, and what came.
    mutating func discard() { inbox.discard() }
}

/// A task that waited for a stream and what it gets.
enum StreamWake: Sendable {
    case reader(StreamInbox.Reading, Result<ByteBuffer?, StreamError>)
    case writer(StreamOutbox.Writing, Result<Void, StreamError>)

    /// Has it go on.
    func resume() {
        switch self {
        case .reader(let reading, let result): reading.resume(returning: result)
        case .writer(let writing, let result): writing.resume(returning: result)
        }
    }
}
