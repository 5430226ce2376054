import CKernels
import Glibc
import Synchronization

/// What the threads of a `WorkerPool` share: the job at work and how they meet.
///
/// Forward passes are hundreds of short jobs, so idle workers spin briefly before they sleep.
///
/// `@unchecked Sendable`: `body` and `chunks` are written only while no worker runs (before `generation` moves on) and
/// read only by workers of that generation; everything else is atomic or guarded by `mutex`.
final class WorkerCrew: @unchecked Sendable {
    private var body: UnsafePointer<(Int) -> Void>?
    private var chunks = 0
    private let next = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private let generation = Atomic<UInt64>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
    }

    deinit {
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        wake.deallocate()
    }

    /// Runs a job together with the `workers` threads that are in `work`.
    func run(_ count: Int, _ body: UnsafePointer<(Int) -> Void>, workers: Int) {
        self.body = body
        chunks = count
        next.store(0, ordering: .relaxed)
        running.store(workers, ordering: .relaxed)
        publish()
        takeChunks(body, count)
        awaitWorkers()
        self.body = nil
    }

    /// Makes every `work` return.
    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        publish()
    }

    /// A worker thread's life: one job after the other until `stop`.
    func work() {
        poai_fp_environment_reset()
        var seen: UInt64 = 0
        while true {
            seen = awaitGeneration(after: seen)
            if stopping.load(ordering: .sequentiallyConsistent) { return }
            if let body { takeChunks(body, chunks) }
            running.wrappingSubtract(1, ordering: .releasing)
        }
    }

    /// Starts a new generation and wakes whoever sleeps.
    private func publish() {
        generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
        guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(mutex)
    }

    private func takeChunks(_ body: UnsafePointer<(Int) -> Void>, _ count: Int) {
        while true {
            let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard chunk < count else { return }
            body.pointee(chunk)
        }
    }

    private func awaitWorkers() {
        var spins = 0
        while running.load(ordering: .acquiring) > 0 {
            spins += 1
            if spins < Self.spinLimit { poai_spin_pause() } else { sched_yield() }
        }
    }

    /// The generation once it is past `seen`: spinning first, asleep after that.
    private func awaitGeneration(after seen: UInt64) -> UInt64 {
        for _ in 0..<Self.spinLimit {
            let now = generation.load(ordering: .acquiring)
            if now != seen { return now }
            poai_spin_pause()
        }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(wake, mutex) }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
        return generation.load(ordering: .acquiring)
    }

    /// Rounds of the spin loops before a thread gives its core away: some tens of microseconds.
    private static let spinLimit = 4000
}
