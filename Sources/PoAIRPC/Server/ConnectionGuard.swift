import NIOCore

/// Stands in front of all other handlers of a connection: closes it when the client takes too long, and counts what the
/// client sent against the memory of the server.
final class ConnectionGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the connection waits for.
    enum Wait {
        /// The first byte of a request.
        case idle
        /// The head and the body of a request.
        case head, body
        /// The answer to a request.
        case answer
        /// The client to take an answer.
        case write
        /// The WebSocket, which has clocks of its own.
        case socket
    }

    private let services: RPCServices
    private var wait = Wait.head
    private var deadline: NIODeadline
    private var clock: RepeatedTask?
    private var held = 0
    private var context: ChannelHandlerContext?
    /// Called when an answer takes too long.
    var answerIsLate: (() -> Void)?
    /// Called every now and then.
    var tick: ((NIODeadline) -> Void)?

    init(services: RPCServices) {
        self.services = services
        deadline = .now() + services.times.head
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let tick = services.times.tick
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        // Cancelled when the connection ends, which lets the guard go.
        clock = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
            bound.value.look(at: .now())
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard hold(unwrapInboundIn(data).readableBytes) else { return context.close(promise: nil) }
        if wait == .idle { expect(.head) }
        context.fireChannelRead(data)
    }

    /// From now on waits for something else.
    func expect(_ wait: Wait) {
        self.wait = wait
        let times = services.times
        switch wait {
        case .idle: deadline = .now() + times.idle
        case .head: deadline = .now() + times.head
        case .body: deadline = .now() + times.body
        case .answer: deadline = .now() + times.call
        case .write: deadline = .now() + times.write
        case .socket: deadline = .distantFuture
        }
    }

    /// Counts bytes that are kept; false: there is no room for them, they are not counted.
    func hold(_ count: Int) -> Bool {
        guard services.budget.take(count) else { return false }
        held += count
        return true
    }

    /// Says that no more than `count` of the bytes counted so far are still kept.
    func settle(keeping count: Int = 0) {
        guard held > count else { return }
        services.budget.give(held - count)
        held = count
    }

    private func look(at now: NIODeadline) {
        tick?(now)
        guard now >= deadline else { return }
        if wait == .answer, let answerIsLate { answerIsLate() } else { context?.close(promise: nil) }
    }

    private func end() {
        clock?.cancel()
        clock = nil
        context = nil
        answerIsLate = nil
        tick = nil
        settle()
    }
}
