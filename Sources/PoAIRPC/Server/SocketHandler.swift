import NIOCore
import NIOWebSocket
import Synchronization

/// One WebSocket: messages are requests, answered as they get ready; events of subscriptions in between.
final class SocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private struct Call {
        let exchange: RPCExchange
        let request: [UInt8]
        let deadline: NIODeadline
    }

    private let services: RPCServices
    private let connection: ConnectionGuard
    private let events = SocketEvents()
    private var subscriptions: SocketSubscriptions?
    private var client: [UInt8] = []
    private var context: ChannelHandlerContext?

    private var message = SocketMessage()
    private var waiting: [[UInt8]] = []
    private var calls: [Call] = []
    private var writingBytes = 0
    private var hasHeldRead = false

    private var lastHeard = NIODeadline.now()
    private var lastPing = NIODeadline.now()
    private var stuckSince: NIODeadline?
    private var closeDeadline: NIODeadline?

    init(services: RPCServices, connection: ConnectionGuard) {
        self.services = services
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        client = RateLimiter.client(context.remoteAddress)
        connection.expect(.socket)
        connection.tick = { [weak self] now in self?.look(at: now) }
        let (loop, limit) = (context.eventLoop, services.limits.eventBytesPerSocket)
        let handler = NIOLoopBound(self, eventLoop: loop)
        subscriptions = SocketSubscriptions(
            limit: services.limits.subscriptionsPerSocket, waitingLimit: limit,
            send: { [events] event in
                let isTaken = events.add(event.count, limit: limit)
                loop.execute { isTaken ? handler.value.send(event: event) : handler.value.abort() }
            },
            giveUp: { loop.execute { handler.value.abort() } })
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { close(.goingAway, "the node stops") }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: close(.messageTooLarge, "a message is too long")
        case is NIOWebSocketError: close(.protocolError, "not a frame")
        case is IOError: abort()
        default: break
        }
    }

    // MARK: What comes in

    /// Reads on only while there is room for more.
    func read(context: ChannelHandlerContext) {
        hasHeldRead = !hasRoom
        if !hasHeldRead { context.read() }
    }

    private var hasRoom: Bool {
        let canWrite = context?.channel.isWritable ?? false
        return closeDeadline != nil || canWrite && waiting.isEmpty && calls.count < services.limits.callsPerSocket
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stuckSince = context.channel.isWritable ? nil : .now()
        goOn()
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastHeard = .now()
        if closeDeadline != nil {
            connection.settle()
            return frame.opcode == .connectionClose ? abort() : ()
        }
        switch message.take(frame, limit: services.limits.requestBytes) {
        case .none: break
        case .request(let request): waiting.append(request)
        case .ping(let data): write(WebSocketFrame(fin: true, opcode: .pong, data: data))
        case .close(let data): end(with: data)
        case .fault(let code, let reason): close(code, reason)
        }
        goOn()
    }

    /// Starts what waits while it may, and reads on when nothing waits.
    private func goOn() {
        while closeDeadline == nil, !waiting.isEmpty, calls.count < services.limits.callsPerSocket,
            context?.channel.isWritable == true
        {
            start(waiting.removeFirst())
        }
        settle()
        guard hasHeldRead, hasRoom else { return }
        hasHeldRead = false
        context?.read()
    }

    private func start(_ request: [UInt8]) {
        guard let context else { return }
        let dispatcher = services.dispatcher
        guard services.admit(client) else { return send(answer: dispatcher.refuse(request, .rateLimit)) }
        let exchange = RPCExchange()
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let caller = RPCCaller(subscriptions: subscriptions, isLocal: RateLimiter.isLoopback(context.remoteAddress)) {
            [services, client] in services.admit(client)
        }
        let isStarted = services.start(request, exchange, caller: caller) { [loop = context.eventLoop] answer in
            loop.execute { handler.value.finish(exchange, answer) }
        }
        guard isStarted else { return send(answer: dispatcher.refuse(request, .busy)) }
        calls.append(Call(exchange: exchange, request: request, deadline: .now() + services.times.call))
    }

    // MARK: What goes out

    private func finish(_ exchange: RPCExchange, _ answer: RPCExchange.Answer) {
        calls.removeAll { $0.exchange === exchange }
        if closeDeadline == nil { send(answer: answer.bytes) }
        for subscription in answer.subscriptions { subscriptions?.told(subscription) }
        goOn()
    }

    private func send(answer: [UInt8]) {
        guard !answer.isEmpty else { return }
        guard connection.hold(answer.count) else { return close(.unexpectedServerError, "the node is out of memory") }
        writingBytes += answer.count
        write(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: answer))) { handler in
            handler.writingBytes -= answer.count
            handler.settle()
        }
    }

    private func send(event: [UInt8]) {
        guard closeDeadline == nil else { return }
        write(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: event))) { [events] _ in
            events.remove(event.count)
        }
    }

    private func write(_ frame: WebSocketFrame, then done: ((SocketHandler) -> Void)? = nil) {
        guard let context else { return }
        guard let done else { return context.writeAndFlush(wrapOutboundOut(frame), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in done(self) }
        context.writeAndFlush(wrapOutboundOut(frame), promise: written)
    }

    /// Tells the memory of the server what is kept for this connection.
    private func settle() {
        let requests = calls.reduce(0) { $0 + $1.request.count } + waiting.reduce(0) { $0 + $1.count }
        connection.settle(keeping: message.bytes + requests + writingBytes)
    }

    // MARK: The end

    /// Begins to close: says why, and waits a little for the client to confirm.
    private func close(_ code: WebSocketErrorCode, _ reason: String) {
        guard closeDeadline == nil else { return }
        closeDeadline = .now() + services.times.close
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
        dropCalls()
    }

    /// Confirms that the client closes.
    private func end(with data: ByteBuffer) {
        closeDeadline = .now() + services.times.close
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)) { $0.abort() }
    }

    private func abort() { context?.close(promise: nil) }

    private func dropCalls() {
        for call in calls { _ = call.exchange.end(.timeout) { [] } }
        calls = []
        waiting = []
        message = SocketMessage()
        settle()
        // Methods may take their time to end a subscription.
        let ends = subscriptions?.close() ?? []
        if !ends.isEmpty { services.workers.always { for end in ends { end() } } }
        subscriptions = nil
    }

    private func leave() {
        closeDeadline = closeDeadline ?? .now()
        dropCalls()
        connection.tick = nil
        context = nil
    }

    /// Looks at the clock: late answers, a client that takes or sends nothing.
    private func look(at now: NIODeadline) {
        let times = services.times
        if let closeDeadline { return now >= closeDeadline ? abort() : () }
        if let stuckSince, now >= stuckSince + times.write { return abort() }
        if let since = message.since, now >= since + times.body { return close(.policyViolation, "too slow") }
        if now >= lastHeard + times.idle, calls.isEmpty { return abort() }
        let pause = TimeAmount.nanoseconds(times.idle.nanoseconds / 4)
        if now >= max(lastHeard, lastPing) + pause, context?.channel.isWritable == true {
            lastPing = now
            write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
        }
        for call in calls where now >= call.deadline {
            let unread = { [services] in services.dispatcher.refuse(call.request, .timeout) }
            if let answer = call.exchange.end(.timeout, unread: unread) { finish(call.exchange, answer) }
        }
    }
}

/// How many bytes of events wait for a client to take them.
final class SocketEvents: Sendable {
    private let bytes = Atomic(0)

    /// Counts an event; false: more than `limit` bytes wait.
    func add(_ count: Int, limit: Int) -> Bool { bytes.add(count, ordering: .relaxed).newValue <= limit }

    func remove(_ count: Int) { bytes.subtract(count, ordering: .relaxed) }
}
