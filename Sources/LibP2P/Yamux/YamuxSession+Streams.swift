extension YamuxSession {
    /// Opens a stream. It can be written to at once; whether the peer wants it, an action tells later.
    public mutating func open(at now: Duration) throws(YamuxError) -> YamuxStreamID {
        switch phase {
        case .ended: throw .ended
        case .goingAway: throw .goingAway
        case .open: break
        }
        guard totals.outbound < limits.outboundStreams else { throw .streams }
        guard totals.unacknowledged < limits.acknowledgementBacklog else { throw .acknowledgementBacklog }
        guard let number = UInt32(exactly: nextNumber), let id = YamuxStreamID(number) else { throw .exhausted }
        nextNumber += 2
        insert(id, YamuxStream(handshake: .offeredToPeer, at: now))
        control.append(.frame(.windowUpdate(id, .syn, delta: 0)))
        return id
    }

    /// Accepts a stream that the peer opened. Writing, finishing and consuming do so too.
    public mutating func accept(_ id: YamuxStreamID) throws(YamuxError) {
        guard let stream = streams[id] else { throw missing }
        guard stream.handshake == .offeredByPeer else { return }
        var actions: [YamuxAction] = []
        _ = update(id, &actions) { $0.handshake = .established }
        control.append(.frame(.windowUpdate(id, .ack, delta: 0)))
    }

    /// Most bytes that `write` takes for a stream now; 0 if there is no such stream or it was finished.
    public func writableBytes(_ id: YamuxStreamID) -> Int {
        guard case .open(let queue) = streams[id]?.send else { return 0 }
        return max(0, min(limits.streamSendBuffer - queue.count, limits.sessionSendBuffer - totals.queued))
    }

    /// Queues bytes, all or none.
    public mutating func write(_ bytes: [UInt8], to id: YamuxStreamID) throws(YamuxError) {
        try write(bytes[...], to: id)
    }

    /// Queues bytes, all or none. They are not copied before they are sent.
    public mutating func write(_ bytes: ArraySlice<UInt8>, to id: YamuxStreamID) throws(YamuxError) {
        guard let stream = streams[id] else { throw missing }
        guard case .open = stream.send else { throw .finished }
        guard bytes.count <= writableBytes(id) else { throw .sendBuffer }
        try accept(id)
        change(id) { _ = $0.send.append(bytes) }
    }

    /// Says that nothing more will be written. What is queued is still sent, and data still comes in.
    public mutating func finish(_ id: YamuxStreamID) throws(YamuxError) {
        guard let stream = streams[id] else { throw missing }
        guard case .open = stream.send else { throw .finished }
        try accept(id)
        change(id) { _ = $0.send.finish() }
    }

    /// Gives a stream up, both ways and at once. What is queued is not sent.
    public mutating func reset(_ id: YamuxStreamID) throws(YamuxError) {
        guard remove(id) else { throw missing }
        control.append(.frame(.windowUpdate(id, .rst, delta: 0)))
    }

    /// Says that received bytes were dealt with, so that the peer may send as many more.
    ///
    /// - Returns: `closed` if they were the last ones of a stream that both sides finished.
    public mutating func consume(_ count: Int, of id: YamuxStreamID, at now: Duration) throws(YamuxError)
        -> [YamuxAction]
    {
        guard let stream = streams[id] else { throw missing }
        guard count >= 0, count <= stream.receive.unconsumed else { throw .consumed }
        try accept(id)
        var actions: [YamuxAction] = []
        _ = update(id, &actions) { $0.receive.consume(count) }
        scheduleUpdate(id, at: now)
        return actions
    }

    /// Announces that this side wants no new streams and opens none. Those that are open go on.
    public mutating func goAway() throws(YamuxError) {
        switch phase {
        case .ended: throw .ended
        case .goingAway(.local), .goingAway(.both): return
        case .open: phase = .goingAway(.local)
        case .goingAway(.peer): phase = .goingAway(.both)
        }
        control.append(.frame(.goAway(.normal)))
    }

    /// Ends the session and all streams. A go-away with that code is all that is still sent.
    public mutating func close(_ code: YamuxGoAwayCode) -> [YamuxAction] {
        var actions: [YamuxAction] = []
        end(.local(code), last: .goAway(code), &actions)
        return actions
    }

    private var missing: YamuxError { end == nil ? .unknownStream : .ended }

    /// A change after which the stream cannot be closed.
    private mutating func change(_ id: YamuxStreamID, _ body: (inout YamuxStream) -> Void) {
        var actions: [YamuxAction] = []
        _ = update(id, &actions, body)
    }

    /// Puts a window update among the control frames if it is worth one, of a larger window if the peer could use it.
    private mutating func scheduleUpdate(_ id: YamuxStreamID, at now: Duration) {
        guard let stream = streams[id], case .open(var window) = stream.receive, window.isUpdateDue else { return }
        guard !stream.isUpdatePending else { return }
        if window.isTooSmall(at: now, roundTrip: roundTrip) {
            let room = window.size + max(0, limits.windowBudget - totals.windows)
            window.grow(to: min(window.size * 2, limits.maximumWindow, room))
        }
        change(id) {
            $0.receive = .open(window)
            $0.isUpdatePending = true
        }
        control.append(.windowUpdate(id))
    }
}
