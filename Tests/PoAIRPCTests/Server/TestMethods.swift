import Dispatch
import PoAIJSON
import PoAIRPC
import Synchronization

/// Methods made for tests, and what they have been through.
final class TestMethods: Sendable {
    private struct State {
        var senders: [@Sendable (JSONValue) -> Void] = []
        var cancelled = 0
        var calls = 0
    }

    private let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 0)
    private let entered = DispatchSemaphore(value: 0)

    /// Subscriptions that have ended.
    var cancelled: Int { state.withLock { $0.cancelled } }
    /// Calls of `count`.
    var calls: Int { state.withLock { $0.calls } }
    /// Subscriptions that ever began.
    var began: Int { state.withLock { $0.senders.count } }

    /// Sends an event to every subscription that ever began.
    func publish(_ value: JSONValue) {
        for send in state.withLock({ $0.senders }) { send(value) }
    }

    /// Lets as many calls of `block` go on.
    func open(_ count: Int = 1) { for _ in 0..<count { gate.signal() } }
    /// Waits until a call of `block` has begun.
    func waitUntilEntered() -> Bool { entered.wait(timeout: .now() + 60) == .success }

    var table: RPCMethodTable {
        var table = RPCMethodTable()
        table.add("echo") { arguments in .list(arguments) }
        table.add("fail") { _ throws(RPCError) in throw RPCError(code: 3, message: "no\n\"way\"", data: "0x08") }
        table.add("big") { arguments in
            guard case .integer(let count)? = arguments.first, count < 1 << 26 else { return .null }
            return .text(String(repeating: "a", count: Int(count)))
        }
        table.add("count") { _ in
            self.state.withLock { $0.calls += 1 }
            return true
        }
        table.add("block") { _ in
            self.entered.signal()
            self.gate.wait()
            return "through"
        }
        table.addSubscription("ticks") { arguments, send throws(RPCError) in
            if arguments.first == "bad" { throw .invalidParams("bad") }
            if arguments.first == "early" { send("early") }
            self.state.withLock { $0.senders.append(send) }
            return { self.state.withLock { $0.cancelled += 1 } }
        }
        return table
    }

    /// Waits until something holds; false after a generous time.
    static func eventually(_ holds: () -> Bool) -> Bool {
        let late = DispatchTime.now() + 60
        while !holds() {
            if DispatchTime.now() > late { return false }
            DispatchSemaphore(value: 0).waitBriefly()
        }
        return true
    }
}

extension DispatchSemaphore {
    fileprivate func waitBriefly() { _ = wait(timeout: .now() + .milliseconds(5)) }
}

/// A server on a free port, with limits changed as a test wants.
func startServer(
    _ methods: TestMethods, _ change: (inout RPCServer.Configuration) -> Void = { _ in }
) throws(RPCServerError) -> RPCServer {
    var configuration = RPCServer.Configuration()
    configuration.port = 0
    configuration.limits.stopTime = .milliseconds(200)
    change(&configuration)
    return try RPCServer(configuration: configuration, methods: methods.table)
}
