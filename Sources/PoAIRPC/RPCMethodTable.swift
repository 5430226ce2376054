import PoAIJSON

/// The methods a server offers, by name. Handlers block; the server runs them on threads of its own.
public struct RPCMethodTable: Sendable {
    /// Answers a call. Positional arguments as given; none when there were none.
    public typealias Handler = @Sendable (_ arguments: [JSONValue]) throws(RPCError) -> JSONValue
    /// Begins a subscription: calls `send` for every event from now on, until the returned closure is called.
    public typealias Subscriber =
        @Sendable (
            _ arguments: [JSONValue], _ send: @escaping @Sendable (JSONValue) -> Void
        ) throws(RPCError) -> @Sendable () -> Void

    private var methods: [String: Handler] = [:]
    private var local: Set<String> = []
    private var subscribers: [String: Subscriber] = [:]

    /// No methods.
    public init() {}

    /// Adds a method, in place of an earlier one with the name.
    public mutating func add(_ name: String, _ handler: @escaping Handler) { methods[name] = handler }

    /// Lets a method be called from the node's own machine only.
    public mutating func restrictToLocal(_ name: String) { local.insert(name) }

    /// Whether a method can be called from the node's own machine only.
    public func isLocal(_ name: String) -> Bool { local.contains(name) }

    /// Adds what `eth_subscribe` can be asked for; over WebSocket only.
    public mutating func addSubscription(_ name: String, _ subscriber: @escaping Subscriber) {
        subscribers[name] = subscriber
    }

    /// The method with a name.
    public func method(_ name: String) -> Handler? { methods[name] }

    /// The subscription with a name.
    public func subscription(_ name: String) -> Subscriber? { subscribers[name] }

    /// All method names, ascending.
    public var names: [String] { methods.keys.sorted() }
}
