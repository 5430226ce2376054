import NIOCore
import NIOHTTP1

/// One HTTP connection: a request at a time, the next when the client has taken the answer.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Stage {
        /// No request, or one whose head has not come.
        case idle
        case reading(HTTPRequestHead, HTTPPlan)
        /// The request has come, the answer before it is not taken yet.
        case parked(HTTPRequestHead, HTTPPlan)
        case running(HTTPRequestHead, RPCExchange, [UInt8])
        /// Answered; what still comes of the request is dropped, then the connection closes.
        case draining
    }

    private let services: RPCServices
    private let connection: ConnectionGuard
    private var client: [UInt8] = []
    private var stage = Stage.idle
    private var body = ByteBuffer()
    private var dropped = 0
    private var hasEnded = false
    private var isWriting = false
    private var context: ChannelHandlerContext?

    init(services: RPCServices, connection: ConnectionGuard) {
        self.services = services
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        client = RateLimiter.client(context.remoteAddress)
        connection.answerIsLate = { [weak self] in self?.giveUpWaiting() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A refused WebSocket comes along here as well and is answered like any other request.
        if error is HTTPParserError || error is ByteToMessageDecoderError || error is IOError { stop() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: endOfRequest()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        guard case .idle = stage else { return stop() }
        body.clear()
        dropped = 0
        hasEnded = false
        let plan = HTTPPlan(head, services: services)
        stage = .reading(head, plan)
        if !isWriting { connection.expect(.body) }
        switch plan {
        case .answer(let answer) where answer.closes: respond(answer, to: head)
        case .call where head.headers.first(name: "expect")?.lowercased() == "100-continue":
            let head = HTTPResponseHead(version: head.version, status: .continue)
            context?.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        default: break
        }
    }

    private func take(_ bytes: ByteBuffer) {
        guard case .reading(let head, .call) = stage else {
            // Unasked for: let it come, so that the client reads the answer, but not for ever.
            dropped += bytes.readableBytes
            connection.settle()
            return dropped > 4 * services.limits.requestBytes ? stop() : ()
        }
        guard body.readableBytes + bytes.readableBytes <= services.limits.requestBytes else {
            return respond(.tooLarge(services.limits.requestBytes), to: head)
        }
        body.writeImmutableBuffer(bytes)
    }

    private func endOfRequest() {
        hasEnded = true
        switch stage {
        case .reading(let head, let plan) where isWriting: stage = .parked(head, plan)
        case .reading(let head, let plan): perform(plan, head)
        case .draining where !isWriting: stop()
        default: break
        }
    }

    private func perform(_ plan: HTTPPlan, _ head: HTTPRequestHead) {
        if case .answer(let answer) = plan { return respond(answer, to: head) }
        guard services.admit(client) else {
            let error = RPCEnvelope.error(.rateLimit, id: .null)
            return respond(.json(error, status: .tooManyRequests), to: head)
        }
        guard let context else { return }
        let request = Array(body.readableBytesView)
        body = ByteBuffer()
        let exchange = RPCExchange()
        stage = .running(head, exchange, request)
        connection.expect(.answer)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let caller = RPCCaller(isLocal: RateLimiter.isLoopback(context.remoteAddress)) { [services, client] in
            services.admit(client)
        }
        let isStarted = services.start(request, exchange, caller: caller) { [loop = context.eventLoop] answer in
            loop.execute { handler.value.finish(exchange, answer.bytes) }
        }
        if !isStarted { finish(exchange, services.dispatcher.refuse(request, .busy)) }
    }

    private func finish(_ exchange: RPCExchange, _ answer: [UInt8]) {
        guard case .running(let head, let current, _) = stage, current === exchange else { return }
        let hasRoom = connection.hold(answer.count)
        respond(.json(hasRoom ? answer : RPCEnvelope.error(.busy, id: .null)), to: head)
    }

    private func giveUpWaiting() {
        guard case .running(_, let exchange, let request) = stage else { return stop() }
        let dispatcher = services.dispatcher
        // Nil: the answer is on its way.
        guard let answer = exchange.end(.timeout, unread: { dispatcher.refuse(request, .timeout) }) else { return }
        finish(exchange, answer.bytes)
    }

    /// Writes a response; goes on with what came meanwhile when the client has taken it.
    private func respond(_ answer: HTTPAnswer, to request: HTTPRequestHead) {
        guard let context else { return }
        var answer = answer
        if let origin = request.headers.first(name: "origin"), services.access.allows(origin: origin) {
            answer.fields += [("access-control-allow-origin", origin), ("vary", "origin")]
        }
        let isLast = answer.closes || !request.isKeepAlive
        stage = isLast ? .draining : .idle
        isWriting = true
        connection.expect(.write)
        context.write(wrapOutboundOut(.head(answer.head(for: request, isLast: isLast))), promise: nil)
        if request.method != .HEAD, !answer.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.isTaken() }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func isTaken() {
        isWriting = false
        connection.settle(keeping: body.readableBytes)
        switch stage {
        case .idle: connection.expect(.idle)
        case .reading: connection.expect(.body)
        case .parked(let head, let plan): perform(plan, head)
        case .running: break
        case .draining: if hasEnded { stop() } else { connection.expect(.body) }
        }
    }

    private func stop() { context?.close(promise: nil) }

    private func leave() {
        if case .running(_, let exchange, _) = stage { _ = exchange.end(.timeout) { [] } }
        stage = .draining
        connection.answerIsLate = nil
        context = nil
    }
}
