import Dispatch
import Synchronization

/// Something to compute once, on another core if one is free before somebody needs it.
///
/// Whoever comes first does the work: another thread, or the one that asks for the result, so that nothing depends on
/// another thread being free.
final class OneTimeWork<Result: Sendable>: Sendable {
    private enum State {
        case waiting(@Sendable () -> Result)
        case running
        case done(Result)
    }

    private let state: Mutex<State>
    private let isDone = DispatchSemaphore(value: 0)

    /// Work that is not begun.
    init(_ work: @escaping @Sendable () -> Result) { state = Mutex(.waiting(work)) }

    /// Lets another thread do it, as soon as one is free.
    func begin() { DispatchQueue.global(qos: .userInitiated).async { self.run() } }

    /// The result; waits if another thread is at it.
    var result: Result {
        run()
        if let result = finished { return result }
        isDone.wait()
        isDone.signal()
        guard let result = finished else { preconditionFailure("the work is done") }
        return result
    }

    private var finished: Result? { state.withLock { if case .done(let result) = $0 { result } else { nil } } }

    private func run() {
        let work = state.withLock { state -> (@Sendable () -> Result)? in
            guard case .waiting(let work) = state else { return nil }
            state = .running
            return work
        }
        guard let result = work?() else { return }
        state.withLock { $0 = .done(result) }
        isDone.signal()
    }
}
