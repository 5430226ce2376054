import Foundation
import PoAIInference
import Synchronization
import Testing

@Suite(.serialized) struct WorkerPoolTests {
    /// Every chunk runs exactly once, over many tiny jobs, with more threads than cores too.
    @Test(arguments: 1...8) func everyChunkRunsOnce(threads: Int) {
        let pool = WorkerPool(threads: threads)
        #expect(pool.threads == threads)
        let room = 40
        let counts = UnsafeMutablePointer<Int32>.allocate(capacity: room)
        defer { counts.deallocate() }
        for job in 0..<1200 {
            let count = job % room
            counts.update(repeating: 0, count: room)
            nonisolated(unsafe) let places = counts
            pool.run(count) { places[$0] += 1 }
            // Writes of all threads are visible here, each place written once.
            let isRight = (0..<room).allSatisfy { places[$0] == ($0 < count ? 1 : 0) }
            #expect(isRight, "\(threads) threads, job \(job)")
            if !isRight { return }
        }
    }

    /// What one job writes the next one reads, on whichever thread.
    @Test(arguments: [2, 3, 5]) func jobsSeeWhatTheJobBeforeWrote(threads: Int) {
        let pool = WorkerPool(threads: threads)
        let count = 64
        let buffers = (0..<2).map { _ in UnsafeMutablePointer<Int>.allocate(capacity: count) }
        defer { for buffer in buffers { buffer.deallocate() } }
        for buffer in buffers { buffer.initialize(repeating: 0, count: count) }
        for round in 0..<800 {
            nonisolated(unsafe) let from = buffers[round % 2]
            nonisolated(unsafe) let to = buffers[(round + 1) % 2]
            pool.run(count) { to[$0] = from[(count - 1) - $0] + 1 }
        }
        #expect((0..<count).allSatisfy { buffers[0][$0] == 800 })
    }

    /// Workers that have gone to sleep wake up for the next job.
    @Test func sleepingWorkersWake() {
        let pool = WorkerPool(threads: 3)
        let sum = Atomic<Int>(0)
        for _ in 0..<20 {
            Thread.sleep(forTimeInterval: 0.005)
            pool.run(6) { sum.wrappingAdd($0, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 20 * 15)
    }

    /// A pool's threads end with it: each engine makes a pool, and a node that makes many must not drown in threads.
    @Test func threadsEndWithThePool() throws {
        func names() throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))
        }
        // Other tests run at the same time: look only at threads that were started here and stay.
        let before = try names()
        var made: Set<String> = []
        for _ in 0..<20 {
            let pool = WorkerPool(threads: 4)
            pool.run(8) { _ in }
            withExtendedLifetime(pool) {}
            made.formUnion((try? names()) ?? [])
        }
        let left = try names().subtracting(before)
        #expect(left.count < 30, "\(left.count) of 60 threads are left; \(made.count) were seen")
    }
}
