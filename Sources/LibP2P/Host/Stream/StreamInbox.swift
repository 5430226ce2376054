import NIOCore

/// What a peer sent on a stream and nobody read, which the window of the stream bounds.
struct StreamInbox: Sendable {
    typealias Reading = CheckedContinuation<Result<ByteBuffer?, StreamError>, Never>

    /// While more waits to be read, the peer gets its window back in steps of so many bytes: few enough that the update,
    /// which is due with half of a window, is not held up.
    private static let reportStep = YamuxLimits.initialWindow / 4

    private(set) var isFinishedByPeer = false
    private var pieces = YamuxQueue<ByteBuffer>()
    private var isDiscarding = false
    /// Bytes that were read and whose window the peer did not get back yet.
    private var consumed = 0
    /// Bytes that were put back, which count as read already.
    private var rereadBytes = 0
    private var reading: Reading?

    var isEmpty: Bool { pieces.isEmpty }
    /// Whether the connection should be told what was read.
    var isReportDue: Bool { consumed > 0 && (pieces.isEmpty || consumed >= Self.reportStep) }

    /// What a read gets at once; nil when it has to wait.
    mutating func read(_ failure: StreamError?) -> Result<ByteBuffer?, StreamError>? {
        if let bytes = pieces.popFirst() {
            consumed += max(0, bytes.readableBytes - rereadBytes)
            rereadBytes = max(0, rereadBytes - bytes.readableBytes)
            return .success(bytes)
        }
        if isFinishedByPeer { return .success(nil) }
        return failure.map { .failure($0) }
    }

    /// Has a read wait. False: another one waits.
    mutating func wait(_ reading: Reading) -> Bool {
        guard self.reading == nil else { return false }
        self.reading = reading
        return true
    }

    mutating func takeReading() -> Reading? {
        defer { reading = nil }
        return reading
    }

    /// The reader that waits and what it gets; nil when there is none or nothing for it.
    mutating func wake(_ failure: StreamError?) -> StreamWake? {
        guard reading != nil, let result = read(failure) else { return nil }
        return takeReading().map { .reader($0, result) }
    }

    /// Bytes that were read too far come first again.
    mutating func putBack(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        pieces.putBack(ByteBuffer(bytes: bytes))
        rereadBytes += bytes.count
    }

    /// Bytes whose window the peer is to get back.
    mutating func takeConsumed() -> Int {
        defer { consumed = 0 }
        return consumed
    }

    /// Bytes of the peer. Returns how many of them are dealt with already. They are copied if they would hold on to more
    /// than twice as much memory.
    mutating func deliver(_ bytes: ByteBuffer) -> Int {
        guard !isDiscarding else { return bytes.readableBytes }
        let isDense = bytes.storageCapacity <= 2 * bytes.readableBytes
        pieces.append(isDense ? bytes : ByteBuffer(bytes: bytes.readableBytesView))
        return 0
    }

    mutating func deliverEnd() { isFinishedByPeer = true }

    mutating func clear() {
        pieces = YamuxQueue()
        isFinishedByPeer = false
    }

    /// Drops what comes from now on, and what came.
    mutating func discard() {
        isDiscarding = true
        while case .success(.some) = read(nil) {}
    }
}
