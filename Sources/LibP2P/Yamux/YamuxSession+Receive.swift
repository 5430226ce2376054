import NIOCore

extension YamuxSession {
    /// Takes bytes as they came from the connection, cut anywhere.
    ///
    /// - Returns: what came of them, in order. The last one is `ended` if the peer broke the protocol.
    public mutating func receive(_ bytes: ByteBuffer, at now: Duration) -> [YamuxAction] {
        var actions: [YamuxAction] = []
        guard end == nil, bytes.readableBytes > 0 else { return actions }
        liveness.received(at: now, period: limits.nuisancePeriod)
        decoder.append(bytes)
        do {
            while end == nil, let frame = try nextFrame() {
                try handle(frame, at: now, &actions)
            }
        } catch {
            end(.violation(error), last: .goAway(.protocolError), &actions)
        }
        return actions
    }

    /// The same for bytes in an array.
    public mutating func receive(_ bytes: [UInt8], at now: Duration) -> [YamuxAction] {
        receive(ByteBuffer(bytes: bytes), at: now)
    }

    /// The connection is gone, in whatever way.
    public mutating func disconnected() -> [YamuxAction] {
        var actions: [YamuxAction] = []
        end(.disconnected, last: nil, &actions)
        return actions
    }

    private mutating func nextFrame() throws(YamuxViolation) -> YamuxFrame? {
        do { return try decoder.next() } catch { throw .frame(error) }
    }

    private mutating func handle(
        _ frame: YamuxFrame, at now: Duration, _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        switch frame {
        case .data(let id, let flags, let bytes): try handle(id, flags, bytes, delta: 0, at: now, &actions)
        case .windowUpdate(let id, let flags, let delta):
            try handle(id, flags, ByteBuffer(), delta: delta, at: now, &actions)
        case .ping(let value):
            try countNuisance()
            try answer(.pong(value))
        case .pong(let value):
            guard let roundTrip = liveness.answered(value, at: now, interval: limits.keepAlive) else {
                return try countNuisance()
            }
            actions.append(.roundTrip(roundTrip))
        case .goAway(.normal):
            peerGoesAway(&actions)
        case .goAway(let code): end(.peer(code), last: nil, &actions)
        }
    }

    /// A frame of a stream: data or a window update, as the other one is empty.
    private mutating func handle(
        _ id: YamuxStreamID, _ flags: YamuxFlags, _ bytes: ByteBuffer, delta: UInt32, at now: Duration,
        _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        if bytes.readableBytes == 0, delta == 0, flags.isEmpty { try countNuisance() }
        if flags.contains(.syn) { try open(id, flags, at: now, &actions) }
        guard let stream = streams[id] else { return try tolerateLate(id, bytes) }
        guard !flags.contains(.rst) else {
            if stream.handshake == .offeredByPeer { try countNuisance() }
            remove(id)
            return actions.append(.reset(id, .peer))
        }
        try acknowledge(id, flags, &actions)
        try widen(id, by: delta, &actions)
        try receive(id, bytes, &actions)
        if flags.contains(.fin) { try finish(id, &actions) }
    }

    /// The peer opens a stream. One that is refused leaves no stream behind.
    private mutating func open(
        _ id: YamuxStreamID, _ flags: YamuxFlags, at now: Duration, _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        guard !isOwn(id) else { throw .parity(id) }
        try peerNumbers.open(id, mostSkipped: limits.skippedStreams)
        guard mayPeerOpen else {
            try countNuisance()
            if !flags.contains(.rst) { try answer(.windowUpdate(id, .rst, delta: 0)) }
            return
        }
        insert(id, YamuxStream(handshake: .offeredByPeer, at: now))
        actions.append(.opened(id))
    }

    private var mayPeerOpen: Bool {
        guard totals.inbound < limits.inboundStreams, totals.unaccepted < limits.acknowledgementBacklog else {
            return false
        }
        switch phase {
        case .open, .goingAway(.peer): return true
        case .goingAway(.local), .goingAway(.both), .ended: return false
        }
    }

    /// A frame without a stream is in order if the stream was closed or reset before the peer knew.
    private mutating func tolerateLate(_ id: YamuxStreamID, _ bytes: ByteBuffer) throws(YamuxViolation) {
        let wasOpened = isOwn(id) ? UInt64(id.value) < nextNumber : peerNumbers.wasOpened(id)
        guard wasOpened else { throw .neverOpened(id) }
        if bytes.readableBytes == 0 { try countNuisance() }
    }

    private mutating func acknowledge(
        _ id: YamuxStreamID, _ flags: YamuxFlags, _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        guard isOwn(id) else {
            guard !flags.contains(.ack) else { throw .acknowledgedOwn(id) }
            return
        }
        guard streams[id]?.handshake == .offeredToPeer else { return }
        _ = update(id, &actions) { $0.handshake = .established }
        actions.append(.accepted(id))
    }

    private mutating func widen(
        _ id: YamuxStreamID, by delta: UInt32, _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        guard delta > 0 else { return }
        guard update(id, &actions, { $0.send.widen(by: delta) }) != false else { throw .windowOverflow(id) }
    }

    private mutating func receive(
        _ id: YamuxStreamID, _ bytes: ByteBuffer, _ actions: inout [YamuxAction]
    ) throws(YamuxViolation) {
        guard bytes.readableBytes > 0 else { return }
        guard case .open(var window) = streams[id]?.receive else { throw .dataAfterFinish(id) }
        guard window.receive(bytes.readableBytes) else { throw .windowOverrun(id) }
        _ = update(id, &actions) { $0.receive = .open(window) }
        guard totals.unconsumed <= limits.unconsumedBytes else {
            remove(id)
            try answer(.windowUpdate(id, .rst, delta: 0))
            return actions.append(.reset(id, .unconsumedBytes))
        }
        actions.append(.received(id, bytes))
    }

    /// The peer will send nothing more on a stream. A second time changes nothing.
    private mutating func finish(_ id: YamuxStreamID, _ actions: inout [YamuxAction]) throws(YamuxViolation) {
        guard let receive = streams[id]?.receive else { return }
        guard case .open(let window) = receive else { return try countNuisance() }
        actions.append(.finished(id))
        _ = update(id, &actions) { $0.receive = .finished(unconsumed: window.unconsumed) }
    }

    private mutating func peerGoesAway(_ actions: inout [YamuxAction]) {
        switch phase {
        case .open: phase = .goingAway(.peer)
        case .goingAway(.local): phase = .goingAway(.both)
        case .goingAway(.peer), .goingAway(.both), .ended: return
        }
        actions.append(.goingAway)
    }

    private mutating func answer(_ frame: YamuxFrame) throws(YamuxViolation) {
        guard answers < limits.pendingAnswers else { throw .pendingAnswers }
        answers += 1
        control.append(.answer(frame))
    }

    private mutating func countNuisance() throws(YamuxViolation) {
        guard liveness.countNuisance() <= limits.nuisances else { throw .nuisances }
    }
}
