import Synchronization

/// Time that goes on by a step whenever somebody looks, or when told.
final class Ticks: Sendable {
    private let time = Mutex<Duration>(.zero)
    private let step: Duration

    init(step: Duration = .zero) { self.step = step }

    func next() -> Duration {
        time.withLock { time in
            time += step
            return time
        }
    }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}
