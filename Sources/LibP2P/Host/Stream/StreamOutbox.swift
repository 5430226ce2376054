/// What waits to be sent on a stream, which `room` and one write bound.
struct StreamOutbox: Sendable {
    typealias Writing = CheckedContinuation<Result<Void, StreamError>, Never>

    /// A write returns at once while no more bytes than these wait.
    static let room = 256 * 1024
    /// One that had to wait returns once no more than these wait, so that it is not woken for each piece.
    private static let roomToGoOn = room / 2

    private var pieces = YamuxQueue<ArraySlice<UInt8>>()
    private var count = 0
    private var writing: Writing?
    private(set) var isFinished = false
    private var isFinishHandedOver = false

    var isEmpty: Bool { pieces.isEmpty }
    var hasRoom: Bool { count <= Self.room }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        pieces.append(bytes[...])
        count += bytes.count
    }

    /// Has a write wait. False: another one waits.
    mutating func wait(_ writing: Writing) -> Bool {
        guard self.writing == nil else { return false }
        self.writing = writing
        return true
    }

    mutating func takeWriting() -> Writing? {
        defer { writing = nil }
        return writing
    }

    mutating func finish() { isFinished = true }

    /// The next bytes to send, at most so many, and the writer that may go on.
    mutating func take(_ most: Int) -> (bytes: ArraySlice<UInt8>, wake: StreamWake?)? {
        guard let first = pieces.popFirst() else { return nil }
        let taken = first.prefix(most)
        if taken.count < first.count { pieces.putBack(first.dropFirst(taken.count)) }
        count -= taken.count
        guard count <= Self.roomToGoOn, let writing = takeWriting() else { return (taken, nil) }
        return (taken, .writer(writing, .success(())))
    }

    /// True once, when everything was taken and the stream is finished.
    mutating func takeFinish() -> Bool {
        guard isFinished, pieces.isEmpty, !isFinishHandedOver else { return false }
        isFinishHandedOver = true
        return true
    }

    mutating func clear() {
        pieces = YamuxQueue()
        count = 0
    }
}
