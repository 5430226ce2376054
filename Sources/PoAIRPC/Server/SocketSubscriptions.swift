import PoAIJSON
import PoAIPrimitives
import Synchronization

/// The subscriptions of one WebSocket. Events come from any thread; those of a subscription whose id the client has not been
/// told yet wait.
final class SocketSubscriptions: Sendable {
    private struct Entry {
        var cancel: (@Sendable () -> Void)?
        var isTold = false
        var waiting: [[UInt8]] = []
        var waitingBytes = 0
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let waitingLimit: Int
    private let send: @Sendable ([UInt8]) -> Void
    private let giveUp: @Sendable () -> Void

    /// At most `limit` of them; `send` takes events and keeps their order, `giveUp` is called when more than `waitingLimit`
    /// bytes wait. Both return at once.
    init(
        limit: Int, waitingLimit: Int, send: @escaping @Sendable ([UInt8]) -> Void,
        giveUp: @escaping @Sendable () -> Void
    ) {
        self.limit = limit
        self.waitingLimit = waitingLimit
        self.send = send
        self.giveUp = giveUp
    }

    /// Begins a subscription and gives its id: "0x" and 32 random hex digits.
    func begin(_ subscriber: RPCMethodTable.Subscriber, _ arguments: [JSONValue]) throws(RPCError) -> String {
        var random = SystemRandomNumberGenerator()
        let id = "0x" + Hex.encode((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) })
        let fault: RPCError? = state.withLock {
            guard !$0.isClosed else { return .server("the connection is closed") }
            guard $0.entries.count < limit else {
                return .limit("a connection has at most \(limit) subscriptions; end one or open another connection")
            }
            $0.entries[id] = Entry()
            return nil
        }
        if let fault { throw fault }
        let cancel: @Sendable () -> Void
        do throws(RPCError) {
            cancel = try subscriber(arguments) { [weak self] value in self?.publish(value, id) }
        } catch {
            state.withLock { _ = $0.entries.removeValue(forKey: id) }
            throw error
        }
        let isKept = state.withLock {
            $0.entries[id]?.cancel = cancel
            return $0.entries[id] != nil
        }
        if !isKept { cancel() }
        return id
    }

    private func publish(_ value: JSONValue, _ id: String) {
        let event = RPCEnvelope.event(value, subscription: id)
        state.withLock {
            guard let entry = $0.entries[id] else { return }
            if entry.isTold { return send(event) }
            guard entry.waitingBytes + event.count <= waitingLimit else { return giveUp() }
            $0.entries[id]?.waiting.append(event)
            $0.entries[id]?.waitingBytes += event.count
        }
    }

    /// Says that the answer with the id has been written: from here on events follow it.
    func told(_ id: String) {
        state.withLock {
            guard let entry = $0.entries[id], !entry.isTold else { return }
            for event in entry.waiting { send(event) }
            $0.entries[id]?.waiting = []
            $0.entries[id]?.isTold = true
        }
    }

    /// Ends a subscription; false: there is none with the id.
    func cancel(_ id: String) -> Bool {
        guard let entry = state.withLock({ $0.entries.removeValue(forKey: id) }) else { return false }
        entry.cancel?()
        return true
    }

    /// Sends nothing any more, and lets none begin. What it returns is to be called to end them.
    func close() -> [@Sendable () -> Void] {
        state.withLock {
            let ends = $0.entries.values.compactMap(\.cancel)
            $0 = State(isClosed: true)
            return ends
        }
    }
}
