import NIOCore

/// What a connection tells its host, on the connection's event loop.
package protocol YamuxOwner: AnyObject, Sendable {
    /// The peer opened a stream.
    func opened(_ stream: HostStream, of connection: UInt64)
    /// The number of open streams changed.
    func counted(_ streams: Int, of connection: UInt64)
    /// A ping was answered.
    func measured(_ roundTrip: Duration, of connection: UInt64)
    /// The peer wants no new streams; the connection ends with those that are open.
    func leaving(_ connection: UInt64)
    /// The connection is of no use any more.
    func ended(_ connection: UInt64)
}

/// Carries the streams of one connection: bytes in, actions to the streams, frames out while the channel takes them.
/// Reading never waits for writing. Everything here runs on the event loop.
package final class YamuxHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    let connection: UInt64
    let peer: PeerID
    private(set) weak var owner: (any YamuxOwner)?
    var session: YamuxSession
    var streams: [YamuxStreamID: HostStream] = [:]
    /// Streams that have bytes for which the session had no room.
    var waiting: Set<YamuxStreamID> = []
    /// Streams that got bytes of which their readers do not know yet.
    var delivered: Set<YamuxStreamID> = []
    private(set) var context: ChannelHandlerContext?
    /// What is written to next.
    var output = ByteBuffer()
    var isDraining = false
    var timer: Scheduled<Void>?
    var hasEnded = false
    /// The peer wants no new streams.
    var isLeaving = false

    package init(
        _ role: YamuxRole, limits: YamuxLimits, peer: PeerID, connection: UInt64, owner: any YamuxOwner, now: Duration
    ) {
        session = YamuxSession(role: role, limits: limits, at: now)
        self.peer = peer
        self.connection = connection
        self.owner = owner
    }

    /// The time on an event loop, in the form that the session takes.
    static func now(_ loop: any EventLoop) -> Duration { .nanoseconds(Int64(clamping: loop.now.uptimeNanoseconds)) }

    var now: Duration { context.map { Self.now($0.eventLoop) } ?? .zero }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        rearm()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        lose()
        self.context = nil
    }

    package func channelInactive(context: ChannelHandlerContext) {
        lose()
        context.fireChannelInactive()
    }

    /// Whatever failed below closes the channel, which is what counts here.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        perform(session.receive(unwrapInboundIn(data), at: now))
    }

    /// What came at once is all there: readers go on, and answers are sent.
    package func channelReadComplete(context: ChannelHandlerContext) {
        for number in delivered { streams[number]?.wakeReader() }
        delivered.removeAll(keepingCapacity: true)
        drain()
        context.fireChannelReadComplete()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    // MARK: What tasks ask for

    package func open() -> Result<HostStream, StreamError> {
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
    package func close() {
        perform(session.close(.normal))
        drain()
        context?.close(promise: nil)
    }

    private func lose() {
        perform(session.disconnected())
        timer?.cancel()
        timer = nil
    }
}
