import Dispatch
import PoAIChain
import Synchronization

/// Hands changes of the head to subscribers on a thread of its own, so that they do not hold up the import of blocks.
/// Subscribed to the chain only while somebody wants to know.
final class HeadFeed: Sendable {
    typealias Receiver = @Sendable (HeadChange) -> Void

    private struct State {
        var receivers: [UInt64: Receiver] = [:]
        var nextID: UInt64 = 0
        var subscription: HeadSubscription?
    }

    private let chain: Blockchain
    private let queue = DispatchQueue(label: "poai.rpc.heads")
    private let state = Mutex(State())

    init(_ chain: Blockchain) { self.chain = chain }

    /// Calls `receive` for each change from now on, in order, until the returned closure is called.
    func subscribe(_ receive: @escaping Receiver) -> @Sendable () -> Void {
        let id = state.withLock { state in
            state.nextID += 1
            state.receivers[state.nextID] = receive
            if state.subscription == nil {
                state.subscription = chain.subscribe { [weak self] change in self?.deliver(change) }
            }
            return state.nextID
        }
        return { self.remove(id) }
    }

    private func remove(_ id: UInt64) {
        // Released outside of the lock: its end takes a lock of the chain.
        let ended: HeadSubscription? = state.withLock { state in
            state.receivers[id] = nil
            guard state.receivers.isEmpty else { return nil }
            defer { state.subscription = nil }
            return state.subscription
        }
        ended?.cancel()
    }

    private func deliver(_ change: HeadChange) {
        queue.async { [weak self] in
            guard let self else { return }
            for (_, receive) in state.withLock({ $0.receivers }).sorted(by: { $0.key < $1.key }) { receive(change) }
        }
    }
}
