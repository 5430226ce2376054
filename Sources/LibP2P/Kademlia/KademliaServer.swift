/// Why a request gets no answer; the stream it came on should be reset.
public enum KademliaRefusal: Error, Hashable, Sendable {
    /// A key that is empty or too long.
    case key
    /// This node stores no values and no providers for others.
    case storage
    /// The peer asked too much lately.
    case rate
}

/// Answers requests from the table. It stores nothing for others, and only so many peers get answers only so often.
public struct KademliaServer: Sendable {
    private struct Budget: Hashable {
        var requests: Double
        var since: Duration
    }

    /// Requests a peer may make at once.
    public let burst: Int
    /// Requests a peer may make per second in the long run.
    public let rate: Double
    /// Peers whose requests are counted at the same time.
    public let clients: Int
    private var budgets: [[UInt8]: Budget] = [:]

    /// A server nobody asked yet.
    public init(burst: Int = 100, rate: Double = 10, clients: Int = 4096) {
        self.burst = burst
        self.rate = rate
        self.clients = clients
    }

    /// Peers whose requests are counted now.
    package var countedClients: Int { budgets.count }

    /// The answer to a request.
    ///
    /// - Parameter client: the id of the peer that asks; it is not told about itself.
    public mutating func answer(
        _ request: KademliaRequest, from client: [UInt8], table: KademliaTable, at now: Duration
    ) throws(KademliaRefusal) -> KademliaResponse {
        guard spend(client, at: now) else { throw .rate }
        switch request {
        case .ping: return .pong
        case .findNode(let key): return .nodes(try closest(to: key, client, table))
        case .getValue(let key): return .value(nil, closer: try closest(to: key, client, table))
        case .getProviders(let key): return .providers([], closer: try closest(to: key, client, table))
        case .putValue, .addProvider: throw .storage
        }
    }

    private func closest(
        to key: [UInt8], _ client: [UInt8], _ table: KademliaTable
    ) throws(KademliaRefusal) -> [KademliaPeer] {
        guard !key.isEmpty, key.count <= table.limits.keyBytes else { throw .key }
        return table.closest(to: table.hash(key), count: table.limits.bucketSize, excluding: [client])
    }

    /// False: the peer has to wait.
    private mutating func spend(_ client: [UInt8], at now: Duration) -> Bool {
        if budgets[client] == nil, budgets.count >= clients {
            budgets = budgets.filter { requests($0.value, at: now) < Double(burst) }
            guard budgets.count < clients else { return false }
        }
        let available = budgets[client].map { requests($0, at: now) } ?? Double(burst)
        guard available >= 1 else { return false }
        budgets[client] = Budget(requests: available - 1, since: now)
        return true
    }

    private func requests(_ budget: Budget, at now: Duration) -> Double {
        min(Double(burst), budget.requests + max(0, (now - budget.since) / .seconds(1)) * rate)
    }
}
