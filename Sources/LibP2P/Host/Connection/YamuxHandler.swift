import NIOCore

/// What a connection tells its host, on the connection's event loop.
protocol YamuxOwner: AnyObject, Sendable {
    /// The peer opened a stream.
    func opened(_ stream: HostStream, of connection: UInt64)
    /// The number of open streams changed.
    func counted(_ streams: Int, of connection: UInt64)
    /// A ping was answered.
    func measured(_ roundTrip: Duration, of connection: UInt64)
    /// The connection is of no use any more.
    func ended(_ connection: UInt64)
}

/// Carries the streams of one connection: bytes in, actions to the streams, frames out while the channel takes them.
/// Reading never waits for writing. Everything here runs on the event loop.
final class YamuxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Frames that are written between two flushes.
    private static let batch = 32
    private static let batches = 8

    private let connection: UInt64
    private let peer: PeerID
    private weak var owner: (any YamuxOwner)?
    private var session: YamuxSession
    private var streams: [YamuxStreamID: HostStream] = [:]
    /// Streams that have bytes for which the session had no room.
    private var waiting: Set<YamuxStreamID> = []
    private var context: ChannelHandlerContext?
    private var isDraining = false
    private var timer: Scheduled<Void>?
    private var hasEnded = false

    init(_ role: YamuxRole, limits: YamuxLimits, peer: PeerID, connection: UInt64, owner: any YamuxOwner, now: Duration)
    {
        session = YamuxSession(role: role, limits: limits, at: now)
        self.peer = peer
        self.connection = connection
        self.owner = owner
    }

    /// The time on an event loop, in the form that the session takes.
    static func now(_ loop: any EventLoop) -> Duration { .nanoseconds(Int64(clamping: loop.now.uptimeNanoseconds)) }

    private var now: Duration { context.map { Self.now($0.eventLoop) } ?? .zero }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        rearm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lose()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        context.fireChannelInactive()
    }

    /// Whatever failed below closes the channel, which is what counts here.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(session.receive(Array(unwrapInboundIn(data).readableBytesView), at: now))
        drain()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    // MARK: What tasks ask for

    func open() -> Result<HostStream, StreamError> {
        guard let context else { return .failure(.disconnected) }
        let number: YamuxStreamID
        do { number = try session.open(at: now) } catch { return .failure(Self.streamError(error)) }
        let stream = add(number, isOutbound: true, context)
        drain()
        return .success(stream)
    }

    /// Does what has come up for a stream since the last time.
    func service(_ stream: HostStream) {
        let work = stream.takeService()
        guard streams[stream.number] === stream else { return }
        if work.isReset {
            try? session.reset(stream.number)
            remove(stream.number)
        } else {
            consume(work.consumed, of: stream.number)
            pump(stream)
        }
        drain()
    }

    /// Ends the connection after a last frame.
    func close() {
        perform(session.close(.normal))
        drain()
        context?.close(promise: nil)
    }

    private func lose() {
        perform(session.disconnected())
        timer?.cancel()
        timer = nil
    }

    // MARK: What the session says

    private func perform(_ actions: [YamuxAction]) { for action in actions { perform(action) } }

    private func perform(_ action: YamuxAction) {
        switch action {
        case .opened(let number):
            guard let context else { return }
            owner?.opened(add(number, isOutbound: false, context), of: connection)
        case .received(let number, let bytes): consume(streams[number]?.deliver(bytes) ?? bytes.count, of: number)
        case .finished(let number): streams[number]?.deliverEnd()
        case .reset(let number, _):
            streams[number]?.fail(.reset)
            remove(number)
        case .closed(let number): remove(number)
        case .writable(let number): streams[number].map(pump)
        case .roundTrip(let duration): owner?.measured(duration, of: connection)
        case .accepted, .goingAway: break
        case .ended: finish()
        }
    }

    private func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        let all = streams.values
        streams = [:]
        waiting = []
        for stream in all { stream.fail(.disconnected) }
        owner?.ended(connection)
        drain()
        context?.close(promise: nil)
    }

    private func add(_ number: YamuxStreamID, isOutbound: Bool, _ context: ChannelHandlerContext) -> HostStream {
        let stream = HostStream(
            number, peer: peer, isOutbound: isOutbound, connectionNumber: connection, of: self, on: context.eventLoop)
        streams[number] = stream
        owner?.counted(streams.count, of: connection)
        return stream
    }

    private func remove(_ number: YamuxStreamID) {
        guard streams.removeValue(forKey: number) != nil else { return }
        waiting.remove(number)
        owner?.counted(streams.count, of: connection)
    }

    private func consume(_ count: Int, of number: YamuxStreamID) {
        guard count > 0 else { return }
        perform((try? session.consume(count, of: number, at: now)) ?? [])
    }

    private static func streamError(_ error: YamuxError) -> StreamError {
        switch error {
        case .streams: .limit("open streams")
        case .acknowledgementBacklog: .limit("streams that the peer has not accepted")
        case .ended, .goingAway, .exhausted: .disconnected
        case .unknownStream, .finished, .sendBuffer, .consumed: .reset
        }
    }
}

// MARK: What goes out

extension YamuxHandler {
    /// Moves bytes of a stream to the session, as many as it has room for.
    private func pump(_ stream: HostStream) {
        let number = stream.number
        while session.writableBytes(number) > 0, let bytes = stream.takeOutgoing(session.writableBytes(number)) {
            try? session.write(bytes, to: number)
        }
        if stream.hasOutgoing { waiting.insert(number) } else { waiting.remove(number) }
        if stream.takeFinish() { try? session.finish(number) }
    }

    /// Writes frames as long as the channel takes them; after some batches what was received gets its turn.
    private func drain() {
        guard let context, !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        for _ in 0..<Self.batches {
            for number in waiting { streams[number].map(pump) }
            guard writeBatch(context) else { return }
            context.flush()
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.drain() }
    }

    /// Whether there was anything to write.
    private func writeBatch(_ context: ChannelHandlerContext) -> Bool {
        var count = 0
        while count < Self.batch, context.channel.isWritable, let output = session.nextOutput(at: now) {
            context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: output.bytes)), promise: nil)
            perform(output.actions)
            count += 1
        }
        return count > 0
    }

    /// Has time pass when something is due.
    private func rearm() {
        guard let context, let deadline = session.nextDeadline else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let wait = max(.zero, deadline - now)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(wait)) {
            let handler = bound.value
            handler.perform(handler.session.tick(at: handler.now))
            handler.drain()
            handler.rearm()
        }
    }
}
