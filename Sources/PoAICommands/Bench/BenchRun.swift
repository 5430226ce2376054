import PoAIInference
import PoAINode
import PoAIPrimitives
import PoAIWork

/// Measures how fast this machine does the network's work, and whether it does it right.
package struct BenchRun {
    /// Quizzes of the fixed run.
    package static let fixedCount: UInt32 = 32
    /// The checksum of the fixed run over the default model with the standard quiz rules, as all kernels compute it.
    package static let expectedChecksum = "0xb3ebc2d440b5fb8b25a3d2311f1ebac0b03844a00b7698147bb9b22be2733db6"

    private let work: WorkEngine
    private let batchSize: Int

    /// Measures `work` with so many quizzes at a time.
    package init(work: WorkEngine, batchSize: Int) {
        self.work = work
        self.batchSize = batchSize
    }

    /// The seed of quiz `index`: Keccak-256 of "poai/bench/1" and the index as 4 bytes big-endian.
    package static func seed(_ index: UInt32) -> Hash32 {
        var preimage = Array("poai/bench/1".utf8)
        withUnsafeBytes(of: index.bigEndian) { preimage.append(contentsOf: $0) }
        return Keccak256.hash(preimage)
    }

    /// Keccak-256 over digest and loss (8 bytes big-endian) of the fixed run's forward passes, in order.
    package func checksum() throws(InferenceError) -> Hash32 {
        var hasher = Keccak256Hasher()
        for solved in try work.solve((0..<Self.fixedCount).map(Self.seed)) {
            hasher.update(solved.trace.digest)
            withUnsafeBytes(of: solved.trace.loss.bigEndian) { hasher.update($0) }
        }
        return hasher.finalize()
    }

    /// Makes and solves quizzes as a miner does, for at least so many seconds.
    /// - Returns: tries, and the seconds they took.
    package func time(
        seconds: Double, progress: (_ tries: Int, _ seconds: Double) -> Void = { _, _ in }
    ) throws(InferenceError) -> (tries: Int, seconds: Double) {
        let start = ContinuousClock.now
        var next = Self.fixedCount
        var tries = 0
        while true {
            let seeds = (0..<UInt32(batchSize)).map { Self.seed(next &+ $0) }
            next &+= UInt32(batchSize)
            tries += try work.solve(seeds).count
            let passed = (ContinuousClock.now - start) / .seconds(1)
            if passed >= seconds { return (tries, passed) }
            progress(tries, passed)
        }
    }
}
