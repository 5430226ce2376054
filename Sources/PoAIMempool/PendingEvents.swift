import PoAITypes
import Synchronization

/// Tells subscribers what became executable, in the order in which it did, outside of the pool's lock: a subscriber may
/// call the pool.
final class PendingEvents: Sendable {
    typealias Receiver = @Sendable ([RecoveredTransaction]) -> Void

    private struct State {
        var receivers: [(id: UInt64, receive: Receiver)] = []
        var nextID: UInt64 = 0
        var queue: [[RecoveredTransaction]] = []
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

    /// Call while the pool is locked.
    func enqueue(_ transactions: [RecoveredTransaction]) {
        if transactions.isEmpty { return }
        state.withLock { if !$0.receivers.isEmpty { $0.queue.append(transactions) } }
    }

    /// Hands out what is queued, unless another call is about it already.
    func deliver() {
        while let (batches, receivers) = state.withLock({ claim(&$0) }) {
            for batch in batches {
                for receive in receivers { receive(batch) }
            }
            state.withLock { $0.delivering = false }
        }
    }

    private func claim(_ state: inout State) -> ([[RecoveredTransaction]], [Receiver])? {
        guard !state.delivering, !state.queue.isEmpty else { return nil }
        state.delivering = true
        defer { state.queue = [] }
        return (state.queue, state.receivers.map(\.receive))
    }
}

/// A subscription to what becomes executable; ends when it is cancelled or its last reference goes.
public final class PendingSubscription: Sendable {
    private let id: UInt64
    private let events: PendingEvents

    init(_ events: PendingEvents, _ receive: @escaping PendingEvents.Receiver) {
        self.events = events
        id = events.add(receive)
    }

    /// No more calls begin after this, but for batches that are being handed out.
    public func cancel() { events.remove(id) }

    deinit { events.remove(id) }
}
