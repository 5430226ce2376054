import PoAIInference
import PoAIModel
import PoAINode
import PoAIPrimitives
import PoAIWork

/// Computes known quizzes in every way that this machine can, and compares every bit.
package struct SelfTest {
    /// What was done.
    package struct Result {
        /// Kernels that computed everything right.
        package var kernels: [String] = []
        /// Forward passes compared.
        package var passes = 0
        /// The first difference, nil when there is none.
        package var mismatch: String?
    }

    let model: ExactModel
    let generator: QuizGenerator
    let vectors: [QuizVector]
    let kernels: [Kernel]
    let threadCounts: [Int]
    let batchSizes: [Int]

    /// Batch sizes tested unless told otherwise.
    package static let standardBatchSizes = [1, 3, 8]

    /// A test of every one of `kernels` on every one of `threadCounts` in batches of every one of `batchSizes` over
    /// `vectors`, whose loss, digest and ℓ̂ are known.
    ///
    /// The portable kernel is written to be read, and is some fifty times slower than the others: it computes every vector
    /// once, one batch size on each thread count in turn.
    package init(
        model: ExactModel, generator: QuizGenerator, vectors: [QuizVector], kernels: [Kernel], threadCounts: [Int],
        batchSizes: [Int] = SelfTest.standardBatchSizes
    ) {
        self.model = model
        self.generator = generator
        self.vectors = vectors
        self.kernels = kernels
        self.threadCounts = threadCounts
        self.batchSizes = batchSizes
    }

    /// Runs it up to the first difference.
    package func run(progress: (_ step: String, _ passes: Int) -> Void = { _, _ in }) throws -> Result {
        var result = Result()
        for kernel in kernels {
            for step in kernel.name == "portable" ? shortPlan() : fullPlan() {
                let engine = ExactEngine(
                    model: model, kernel: kernel, threads: step.threads, maximumLength: generator.rules.tokenCount,
                    sequencesPerPass: step.batches.map(\.count).max() ?? 1)
                for batch in step.batches {
                    let place = "kernel \(kernel.name), \(step.threads) threads, a batch of \(batch.count)"
                    progress(place, result.passes)
                    if let difference = try mismatch(batch, engine) {
                        result.mismatch = "\(place): \(difference)"
                        return result
                    }
                    result.passes += batch.count
                }
            }
            result.kernels.append(kernel.name)
        }
        return result
    }

    /// What one engine is to compute.
    private typealias Step = (threads: Int, batches: [[QuizVector]])

    private func fullPlan() -> [Step] {
        threadCounts.flatMap { threads in batchSizes.map { (threads, batches(of: $0)) } }
    }

    private func shortPlan() -> [Step] {
        var steps: [Step] = []
        var rest = vectors[...]
        var turn = 0
        while !rest.isEmpty, !threadCounts.isEmpty, !batchSizes.isEmpty {
            let batch = Array(rest.prefix(max(batchSizes[turn % batchSizes.count], 1)))
            steps.append((threadCounts[turn % threadCounts.count], [batch]))
            rest = rest.dropFirst(batch.count)
            turn += 1
        }
        return steps
    }

    /// Batches that hold every vector, in up to three different places of a batch; the last of a round is filled up with
    /// vectors from the front.
    package func batches(of size: Int) -> [[QuizVector]] {
        guard !vectors.isEmpty else { return [] }
        return (0..<min(size, 3)).flatMap { shift in
            stride(from: 0, to: vectors.count, by: size).map { start in
                (0..<size).map { vectors[(start + shift + $0) % vectors.count] }
            }
        }
    }

    private func mismatch(_ batch: [QuizVector], _ engine: ExactEngine) throws -> String? {
        let solver = QuizSolver(generator: generator, engine: engine)
        return try GoldenVectors.mismatch(solver, batch)
    }
}
