import CKernels
import Glibc
import Synchronization

/// Threads that run the chunks of one job at a time. The caller takes chunks too and returns when all are done.
///
/// Forward passes are hundreds of short jobs, so idle workers spin briefly before they sleep. Which thread runs a chunk
/// is left to chance; chunks write disjoint outputs, so no result depends on it.
///
/// `@unchecked Sendable`: `body` and `chunks` are written only while no worker runs (before `generation` moves on) and
/// read only by workers of that generation; everything else is atomic or guarded by `mutex`.
final class WorkerPool: @unchecked Sendable {
    /// Threads that work on a job, the caller included.
    let threads: Int

    private var body: UnsafePointer<(Int) -> Void>?
    private var chunks = 0
    private let next = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private let generation = Atomic<UInt64>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private var handles: [pthread_t] = []
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// A pool of `threads` (at least 1) threads, `threads` − 1 of them its own.
    init(threads: Int) {
        self.threads = max(threads, 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        for _ in 1..<max(self.threads, 1) {
            var handle = pthread_t()
            let pool = Unmanaged.passUnretained(self).toOpaque()
            let status = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<WorkerPool>.fromOpaque(argument).takeUnretainedValue().work()
                    return nil
                }, pool)
            guard status == 0 else { break }  // fewer workers: slower, same results
            handles.append(handle)
        }
    }

    deinit {
        stopping.store(true, ordering: .sequentiallyConsistent)
        publish()
        for handle in handles { pthread_join(handle, nil) }
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        wake.deallocate()
    }

    /// Runs `body(0)` … `body(count − 1)`, each once, on the pool's threads, and returns when all have returned.
    /// Not reentrant: one caller at a time, and not from inside `body`.
    func run(_ count: Int, _ body: (Int) -> Void) {
        poai_fp_environment_reset()
        guard count > 1, !handles.isEmpty else {
            for chunk in 0..<max(count, 0) { body(chunk) }
            return
        }
        withoutActuallyEscaping(body) { escapable in
            withUnsafePointer(to: escapable) { pointer in
                self.body = pointer
                chunks = count
                next.store(0, ordering: .relaxed)
                running.store(handles.count, ordering: .relaxed)
                publish()
                takeChunks(pointer, count)
                awaitWorkers()
                self.body = nil
            }
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

    private func work() {
        poai_fp_environment_reset()
        var seen: UInt64 = 0
        while true {
            seen = awaitGeneration(after: seen)
            if stopping.load(ordering: .sequentiallyConsistent) { return }
            if let body { takeChunks(body, chunks) }
            running.wrappingSubtract(1, ordering: .releasing)
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
