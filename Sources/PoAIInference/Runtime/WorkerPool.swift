import CKernels
import Glibc

/// Threads that run the chunks of one job at a time. The caller takes chunks too and returns when all are done. The threads
/// end with the pool.
///
/// Which thread runs a chunk is left to chance; chunks write disjoint outputs, so no result depends on it.
package final class WorkerPool: Sendable {
    /// Threads that work on a job, the caller included.
    package let threads: Int

    private let crew: WorkerCrew
    private let handles: [pthread_t]

    /// A pool of `threads` (at least 1) threads, `threads` − 1 of them its own.
    package init(threads: Int) {
        self.threads = max(threads, 1)
        // Threads hold the crew and not the pool: a pool that its own threads held would never go away.
        let crew = WorkerCrew()
        var started: [pthread_t] = []
        for _ in 1..<max(self.threads, 1) {
            var handle = pthread_t()
            let argument = Unmanaged.passRetained(crew)
            let status = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<WorkerCrew>.fromOpaque(argument).takeRetainedValue().work()
                    return nil
                }, argument.toOpaque())
            guard status == 0 else {
                argument.release()
                break  // fewer workers: slower, same results
            }
            started.append(handle)
        }
        self.crew = crew
        handles = started
    }

    deinit {
        crew.stop()
        for handle in handles { pthread_join(handle, nil) }
    }

    /// Runs `body(0)` … `body(count − 1)`, each once, on the pool's threads, and returns when all have returned. The
    /// contract's floating-point environment holds in `body`, and stays set on the calling thread afterwards.
    ///
    /// Not reentrant: one caller at a time, and not from inside `body`.
    package func run(_ count: Int, _ body: (Int) -> Void) {
        poai_fp_environment_reset()
        guard count > 1, !handles.isEmpty else {
            for chunk in 0..<max(count, 0) { body(chunk) }
            return
        }
        withoutActuallyEscaping(body) { escapable in
            withUnsafePointer(to: escapable) { crew.run(count, $0, workers: handles.count) }
        }
    }
}
