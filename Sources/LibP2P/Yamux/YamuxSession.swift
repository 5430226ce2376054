/// Many streams over one connection, as libp2p/specs `yamux/README.md` defines them. It does no I/O and has no clock:
/// bytes go in with `receive`, actions come out, bytes to send are taken with `nextOutput`, and instants are durations
/// since any fixed point in time. What is received never waits for what is sent.
public struct YamuxSession: Sendable {
    /// Who announced that there will be no new streams.
    enum Departure: Hashable { case local, peer, both }

    enum Phase: Hashable {
        case open
        case goingAway(Departure)
        case ended(YamuxEnd)
    }

    /// Something to send before the data of any stream.
    enum Control: Hashable {
        case frame(YamuxFrame)
        /// An answer that the peer provoked.
        case answer(YamuxFrame)
        /// The update of a stream's window, with what can be granted once it is sent.
        case windowUpdate(YamuxStreamID)
    }

    /// Which end this is.
    public let role: YamuxRole
    /// What the peer may cost.
    public let limits: YamuxLimits

    var phase = Phase.open
    var decoder: YamuxFrameDecoder
    var streams: [YamuxStreamID: YamuxStream] = [:]
    var totals = YamuxTotals()
    var peerNumbers: YamuxPeerNumbers
    var nextNumber: UInt64
    var control = YamuxQueue<Control>()
    var answers = 0
    var line = YamuxQueue<YamuxStreamID>()
    var liveness: YamuxLiveness

    /// A session without streams, for a connection that was just negotiated.
    public init(role: YamuxRole, limits: YamuxLimits = YamuxLimits(), at now: Duration) {
        self.role = role
        self.limits = limits
        decoder = YamuxFrameDecoder(maximumLength: limits.receivedFrame)
        peerNumbers = YamuxPeerNumbers(of: role == .dialer ? .listener : .dialer)
        nextNumber = role == .dialer ? 1 : 2
        liveness = YamuxLiveness(at: now)
    }

    /// Why the session is over; nil while it is not.
    public var end: YamuxEnd? {
        guard case .ended(let end) = phase else { return nil }
        return end
    }

    /// Streams that are open now, of both sides.
    public var streamCount: Int { streams.count }

    /// Time between the last ping and its answer.
    public var roundTrip: Duration? { liveness.roundTrip }

    func isOwn(_ id: YamuxStreamID) -> Bool { (id.value % 2 == 1) == (role == .dialer) }

    /// Changes an open stream and everything that depends on it: the sums, the line, the end of the stream.
    ///
    /// - Returns: what `body` returns; nil if there is no such stream.
    mutating func update<Result>(
        _ id: YamuxStreamID, _ actions: inout [YamuxAction], _ body: (inout YamuxStream) -> Result
    ) -> Result? {
        guard let index = streams.index(forKey: id) else { return nil }
        totals.remove(streams.values[index], isOwn: isOwn(id))
        let result = body(&streams.values[index])
        totals.add(streams.values[index], isOwn: isOwn(id))
        if streams.values[index].send.isReady, !streams.values[index].isInLine {
            streams.values[index].isInLine = true
            line.append(id)
        }
        if streams.values[index].isClosed {
            remove(id)
            actions.append(.closed(id))
        }
        return result
    }

    mutating func insert(_ id: YamuxStreamID, _ stream: YamuxStream) {
        streams[id] = stream
        totals.add(stream, isOwn: isOwn(id))
    }

    /// Forgets a stream. False: there is none.
    @discardableResult
    mutating func remove(_ id: YamuxStreamID) -> Bool {
        guard let stream = streams.removeValue(forKey: id) else { return false }
        totals.remove(stream, isOwn: isOwn(id))
        if stream.isInLine { line.removeAll { $0 == id } }
        if stream.isUpdatePending { control.removeAll { $0 == .windowUpdate(id) } }
        return true
    }

    /// Ends the session; `last` is all that is still sent.
    mutating func end(_ end: YamuxEnd, last: YamuxFrame?, _ actions: inout [YamuxAction]) {
        guard self.end == nil else { return }
        phase = .ended(end)
        streams = [:]
        totals = YamuxTotals()
        line = YamuxQueue()
        control = YamuxQueue()
        answers = 0
        decoder = YamuxFrameDecoder(maximumLength: limits.receivedFrame)
        if let last { control.append(.frame(last)) }
        actions.append(.ended(end))
    }
}
