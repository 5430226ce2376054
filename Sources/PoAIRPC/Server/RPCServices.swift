import NIOCore
import Synchronization

/// What all connections share.
final class RPCServices: Sendable {
    /// The limits of time, as the event loop takes them.
    struct Times: Sendable {
        let call, head, body, write, idle, stop: TimeAmount
        /// Between two looks at the clock: short against every limit.
        let tick: TimeAmount
        /// For the other side to confirm that a WebSocket closes.
        let close = TimeAmount.seconds(2)

        init(_ limits: RPCServerLimits) {
            call = TimeAmount(limits.callTime)
            head = TimeAmount(limits.headTime)
            body = TimeAmount(limits.bodyTime)
            write = TimeAmount(limits.writeTime)
            idle = TimeAmount(limits.idleTime)
            stop = TimeAmount(limits.stopTime)
            let shortest = min(call, head, body, write, idle)
            tick = max(.milliseconds(5), min(.seconds(1), .nanoseconds(shortest.nanoseconds / 8)))
        }
    }

    let limits: RPCServerLimits
    let times: Times
    let access: RPCAccess
    let dispatcher: RPCDispatcher
    let workers: RPCWorkers
    let budget: MemoryBudget
    private let limiter: RateLimiter?
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    init(configuration: RPCServer.Configuration, methods: RPCMethodTable) {
        limits = configuration.limits
        times = Times(limits)
        access = RPCAccess(hosts: configuration.allowedHosts, origins: configuration.corsOrigins)
        dispatcher = RPCDispatcher(methods: methods, limits: limits)
        workers = RPCWorkers(threads: limits.workers, queue: limits.queue)
        budget = MemoryBudget(limit: limits.bufferedBytes)
        limiter = limits.rate.map { RateLimiter(rate: $0) }
    }

    /// Counts a call from an address; false: one too many.
    func admit(_ client: [UInt8]) -> Bool { limiter?.admit(client, at: .now()) ?? true }

    /// Connections that are open.
    var connections: Int { channels.withLock { $0.count } }

    /// Takes a connection in until it closes; false: there are too many.
    func register(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isIn = channels.withLock {
            guard $0.count < limits.connections else { return false }
            $0[id] = channel
            return true
        }
        if isIn { channel.closeFuture.whenComplete { _ in self.channels.withLock { _ = $0.removeValue(forKey: id) } } }
        return isIn
    }

    /// Completes when all connections that are open now have closed.
    func closeFutures(on loop: any EventLoop) -> EventLoopFuture<Void> {
        EventLoopFuture.andAllComplete(channels.withLock { $0.values.map(\.closeFuture) }, on: loop)
    }

    /// Does something with every open connection.
    func forEachChannel(_ body: (any Channel) -> Void) {
        for channel in channels.withLock({ Array($0.values) }) { body(channel) }
    }

    /// Runs a request on a thread of its own and calls `done`, on any thread, unless the exchange has ended before.
    /// False: too much waits already.
    func start(
        _ request: [UInt8], _ exchange: RPCExchange, caller: RPCCaller,
        done: @escaping @Sendable (RPCExchange.Answer) -> Void
    ) -> Bool {
        workers.run { [dispatcher] in
            // The client may have gone, or its time be up, while the request waited for a thread.
            if exchange.isOver { return }
            dispatcher.run(request, exchange: exchange, caller: caller)
            if let answer = dispatcher.finish(exchange) { done(answer) }
        }
    }
}
