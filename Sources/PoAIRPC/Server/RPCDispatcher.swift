import PoAIJSON

/// Turns a request into its answer by a table of methods: JSON-RPC 2.0 with batches, independent of how bytes travel.
/// `eth_subscribe` and `eth_unsubscribe` are answered here, for connections that can carry events.
public struct RPCDispatcher: Sendable {
    private let methods: RPCMethodTable
    private let limits: RPCServerLimits

    /// Answers by `methods` within `limits`; times and connections are the business of the server.
    public init(methods: RPCMethodTable, limits: RPCServerLimits = RPCServerLimits()) {
        self.methods = methods
        self.limits = limits
    }

    /// The answer to a request. Empty: nothing is answered, as to a notification. Blocks as long as the methods do.
    /// - Parameter isLocal: whether it comes from the machine that the node runs on.
    public func answer(_ request: [UInt8], isLocal: Bool = true) -> [UInt8] {
        let exchange = RPCExchange()
        run(request, exchange: exchange, caller: RPCCaller(isLocal: isLocal))
        return finish(exchange).map(\.bytes) ?? []
    }

    /// Works on a request until all calls are answered or the exchange is over.
    func run(_ request: [UInt8], exchange: RPCExchange, caller: RPCCaller) {
        switch read(request) {
        case .fault(let error):
            exchange.begin(ids: [.null], isBatch: false)
            _ = exchange.record(RPCEnvelope.error(error, id: .null), at: 0, limit: .max)
        case .single(let call):
            exchange.begin(ids: [call.id], isBatch: false)
            run(call, at: 0, exchange: exchange, caller: caller)
        case .batch(let calls):
            exchange.begin(ids: calls.map(\.id), isBatch: true)
            for (index, call) in calls.enumerated() where !exchange.isOver && !exchange.isFull {
                run(call, at: index, exchange: exchange, caller: caller)
            }
        }
    }

    /// The answer of an exchange on which `run` is through; nil: the time was up before.
    func finish(_ exchange: RPCExchange) -> RPCExchange.Answer? {
        exchange.end(.tooLarge(limits.batchAnswerBytes)) { [] }
    }

    /// Answers every call of a request with `error`; of a long request, which takes time to read, the whole.
    func refuse(_ request: [UInt8], _ error: RPCError) -> [UInt8] {
        let exchange = RPCExchange()
        guard request.count <= 16 << 10 else { return RPCEnvelope.error(error, id: .null) }
        switch read(request) {
        case .fault: return RPCEnvelope.error(error, id: .null)
        case .single(let call): exchange.begin(ids: [call.id], isBatch: false)
        case .batch(let calls): exchange.begin(ids: calls.map(\.id), isBatch: true)
        }
        return exchange.end(error) { [] }?.bytes ?? []
    }

    private enum Message {
        case fault(RPCError)
        case single(RPCRequest)
        case batch([RPCRequest])
    }

    private func read(_ request: [UInt8]) -> Message {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(request, depthLimit: limits.depth)
        } catch {
            return .fault(.parse("parse error at \("\(error)".clipped(to: 200))"))
        }
        guard case .list(let entries) = value else { return .single(RPCRequest(value)) }
        if entries.isEmpty { return .fault(.invalidRequest("empty batch")) }
        guard entries.count <= limits.batchCalls else {
            return .fault(
                .invalidRequest("batch of \(entries.count) calls is too large; send at most \(limits.batchCalls)"))
        }
        return .batch(entries.map { RPCRequest($0) })
    }

    private func run(_ request: RPCRequest, at index: Int, exchange: RPCExchange, caller: RPCCaller) {
        do throws(RPCError) {
            let reply = try reply(to: request, isFirst: index == 0, caller: caller)
            guard let id = request.id else { return }
            let answer = RPCEnvelope.result(reply.value, id: id)
            let limit = limits.batchAnswerBytes
            if !exchange.record(answer, at: index, limit: limit, subscription: reply.subscription),
                let subscription = reply.subscription
            {
                _ = caller.subscriptions?.cancel(subscription)
            }
        } catch {
            guard let id = request.id else { return }
            _ = exchange.record(RPCEnvelope.error(error, id: id), at: index, limit: limits.batchAnswerBytes)
        }
    }

    private struct Reply {
        let value: JSONValue
        var subscription: String?
    }

    private func reply(to request: RPCRequest, isFirst: Bool, caller: RPCCaller) throws(RPCError) -> Reply {
        guard case .call(let id, let name, let arguments) = request else {
            guard case .fault(_, let error) = request else { return Reply(value: .null) }
            throw error
        }
        // The server has counted the request; the further calls of a batch are counted here.
        if !isFirst, !caller.admit() { throw .rateLimit }
        switch name {
        case "eth_subscribe":
            guard let subscriptions = caller.subscriptions else { throw .noSubscriptions }
            guard id != nil else { return Reply(value: .null) }
            let subscription = try subscribe(arguments, by: subscriptions)
            return Reply(value: .text(subscription), subscription: subscription)
        case "eth_unsubscribe":
            guard let subscriptions = caller.subscriptions else { throw .noSubscriptions }
            return Reply(value: .bool(try unsubscribe(arguments, by: subscriptions)))
        default:
            guard let method = methods.method(name) else { throw .methodNotFound(name.clipped(to: 64)) }
            guard caller.isLocal || !methods.isLocal(name) else { throw .localOnly(name) }
            return Reply(value: try method(arguments))
        }
    }

    private func subscribe(_ arguments: [JSONValue], by subscriptions: SocketSubscriptions) throws(RPCError) -> String {
        guard case .text(let name)? = arguments.first else {
            throw .invalidParams("the first argument names what to subscribe to, such as \"newHeads\"")
        }
        guard let subscriber = methods.subscription(name) else {
            throw RPCError(code: -32601, message: "no \"\(name.clipped(to: 64))\" subscription in eth namespace")
        }
        return try subscriptions.begin(subscriber, Array(arguments.dropFirst()))
    }

    private func unsubscribe(_ arguments: [JSONValue], by subscriptions: SocketSubscriptions) throws(RPCError) -> Bool {
        guard arguments.count == 1, case .text(let name)? = arguments.first else {
            throw .invalidParams("the only argument is the id that eth_subscribe gave")
        }
        guard subscriptions.cancel(name) else { throw .server("subscription not found") }
        return true
    }
}

/// Who sent a request.
struct RPCCaller: Sendable {
    /// Nil where events cannot be sent.
    var subscriptions: SocketSubscriptions?
    /// Whether it comes from the machine that the node runs on.
    var isLocal = true
    /// Counts a further call; false: one too many.
    var admit: @Sendable () -> Bool = { true }
}

extension RPCError {
    /// As geth says it over HTTP.
    static let noSubscriptions = RPCError(
        code: -32601, message: "notifications not supported; subscribe over WebSocket, on the same port")
    /// For methods that change the node itself.
    static func localOnly(_ name: String) -> RPCError {
        RPCError(code: -32601, message: "the method \(name) can be called from the node's own machine only")
    }
    static let rateLimit = RPCError.limit("too many calls from this address; wait a moment")
    static let busy = RPCError.limit("the node is busy; try again in a moment")
    /// With the code of geth.
    static let timeout = RPCError(code: -32002, message: "request timed out")
    /// With the code of geth.
    static func tooLarge(_ limit: Int) -> RPCError {
        RPCError(code: -32003, message: "response too large; a batch may answer \(limit) bytes")
    }
}
