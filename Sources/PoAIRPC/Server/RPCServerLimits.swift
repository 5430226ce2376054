/// What a client may use of the server. Every number is positive, every time at least a millisecond.
public struct RPCServerLimits: Hashable, Sendable {
    /// The longest request, over HTTP and as a WebSocket message, in bytes.
    public var requestBytes = 5 << 20
    /// Lists and objects of a request within each other.
    public var depth = 64
    /// Calls in a batch.
    public var batchCalls = 100
    /// The answer to a batch, in bytes; calls whose result goes beyond it get an error instead.
    public var batchAnswerBytes = 25 << 20
    /// From a request having come in whole to its answer.
    public var callTime: Duration = .seconds(30)
    /// From the first byte of a request (or connecting) to the end of its HTTP head.
    public var headTime: Duration = .seconds(10)
    /// From the end of the head to the end of the body; also from the first to the last fragment of a WebSocket message.
    public var bodyTime: Duration = .seconds(30)
    /// For a client to take an answer.
    public var writeTime: Duration = .seconds(60)
    /// Between two requests on a connection. A WebSocket counts what comes in: the server pings so that clients answer.
    public var idleTime: Duration = .seconds(120)
    /// What `stop` waits for calls under way.
    public var stopTime: Duration = .seconds(5)
    /// Connections at once, of both kinds; further ones are closed.
    public var connections = 512
    /// Requests and answers of all clients in memory, in bytes; who would go beyond it is turned away.
    public var bufferedBytes = 256 << 20
    /// Calls that run at once, each on a thread.
    public var workers = 4
    /// Requests that wait for a thread.
    public var queue = 1024
    /// Requests of one WebSocket under way; the next are read when one is answered.
    public var callsPerSocket = 8
    /// Subscriptions of one WebSocket.
    public var subscriptionsPerSocket = 100
    /// Events that a WebSocket has not taken yet, in bytes; beyond it the connection is closed.
    public var eventBytesPerSocket = 4 << 20
    /// Calls per client address; nil: no limit.
    public var rate: RPCRate?

    /// The usual ones.
    public init() {}

    /// The name of the first limit that is not in range.
    var firstFault: String? {
        let counts = [
            ("requestBytes", requestBytes), ("depth", depth), ("batchCalls", batchCalls), ("workers", workers),
            ("batchAnswerBytes", batchAnswerBytes), ("connections", connections), ("bufferedBytes", bufferedBytes),
            ("queue", queue), ("callsPerSocket", callsPerSocket), ("subscriptionsPerSocket", subscriptionsPerSocket),
            ("eventBytesPerSocket", eventBytesPerSocket), ("rate.perSecond", rate?.perSecond ?? 1),
            ("rate.burst", rate?.burst ?? 1),
        ]
        let times = [
            ("callTime", callTime), ("headTime", headTime), ("bodyTime", bodyTime), ("writeTime", writeTime),
            ("idleTime", idleTime), ("stopTime", stopTime),
        ]
        // The reader of JSON recurses once a level; the length of a frame has 32 bits.
        if depth > 256 { return "depth" }
        if let count = counts.first(where: { !(1...1 << 31).contains($0.1) }) { return count.0 }
        return times.first { !(.milliseconds(1) ... .seconds(86_400)).contains($0.1) }?.0
    }
}

/// How many calls a client address may make: `burst` at once, and `perSecond` in the long run.
public struct RPCRate: Hashable, Sendable {
    /// Calls that come back to the allowance every second.
    public var perSecond: Int
    /// The allowance of a client that was quiet.
    public var burst: Int

    /// Puts both together.
    public init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }
}
