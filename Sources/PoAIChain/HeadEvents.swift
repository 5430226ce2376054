import Synchronization

/// Tells subscribers of new heads, one after another in the order of the commits, outside of all locks of the chain: a
/// subscriber may call the chain. A slow subscriber delays the import that told it, nothing is dropped.
final class HeadEvents: Sendable {
    typealias Receiver = @Sendable (HeadChange) -> Void

    private struct State {
        var receivers: [(id: UInt64, receive: Receiver)] = []
        var nextID: UInt64 = 0
        var queue: [HeadChange] = []
        var delivering = false
    }

    private let state = Mutex(State())

    func add(_ receive: @escaping Receiver) -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            state.receivers.append((state.nextID, receive))
            return state.nextID
        }
    }

    func remove(_ id: UInt64) { state.withLock { $0.receivers.removeAll { $0.id == id } } }

    /// Call in the order of commits.
    func enqueue(_ changes: [HeadChange]) { state.withLock { $0.queue += changes } }

    /// Hands out what is queued, unless another call is about it already.
    func deliver() {
        guard state.withLock({ claim(&$0) }) else { return }
        while let (change, receivers) = state.withLock({ next(&$0) }) {
            for receive in receivers { receive(change) }
        }
    }

    private func claim(_ state: inout State) -> Bool {
        guard !state.delivering else { return false }
        state.delivering = true
        return true
    }

    private func next(_ state: inout State) -> (HeadChange, [Receiver])? {
        guard !state.queue.isEmpty else {
            state.delivering = false
            return nil
        }
        return (state.queue.removeFirst(), state.receivers.map(\.receive))
    }
}

/// A subscription to new heads; ends when it is cancelled or its last reference goes.
public final class HeadSubscription: Sendable {
    private let id: UInt64
    private let events: HeadEvents

    init(_ events: HeadEvents, _ receive: @escaping @Sendable (HeadChange) -> Void) {
        self.events = events
        id = events.add(receive)
    }

    /// No more calls begin after this.
    public func cancel() { events.remove(id) }

    deinit { events.remove(id) }
}
