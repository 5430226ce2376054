import NIOPosix
import Synchronization

/// The threads on which methods run, with a queue of limited length in front.
final class RPCWorkers: Sendable {
    private let pool: NIOThreadPool
    private let underWay = Atomic(0)
    private let limit: Int

    init(threads: Int, queue: Int) {
        pool = NIOThreadPool(numberOfThreads: threads)
        limit = threads + queue
        pool.start()
    }

    /// Runs `work` as soon as a thread is free; false: too much waits already.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard underWay.add(1, ordering: .relaxed).newValue <= limit else {
            underWay.subtract(1, ordering: .relaxed)
            return false
        }
        pool.submit { state in
            if state == .active { work() }
            self.underWay.subtract(1, ordering: .relaxed)
        }
        return true
    }

    /// Runs what must not be left out, such as the end of a subscription, also after `stop`.
    func always(_ work: @escaping @Sendable () -> Void) {
        pool.submit { _ in work() }
    }

    /// Lets no more work begin. Does not wait for a method that takes its time.
    func stop() { pool.shutdownGracefully { _ in } }
}
