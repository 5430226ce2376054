import PoAIChain
import PoAIConsensus
import PoAIInference
import PoAIWork

/// Verifies seals for the chain by running the forward passes again.
public struct WorkSealEvaluator: SealEvaluator {
    /// Headers worth handing over together: what one pass through the weights takes.
    public let batchSize: Int
    private let work: WorkEngine

    /// An evaluator that works on `work`'s engine.
    public init(_ work: WorkEngine) {
        self.work = work
        batchSize = max(1, work.engine.rowsPerPass / work.generator.rules.tokenCount)
    }

    /// One forward pass for each header.
    public func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        do throws(InferenceError) {
            let solved = try work.verifying { () throws(InferenceError) in try work.solve(batch.map(\.quizSeed)) }
            return solved.map { SealEvaluation(digest: $0.trace.digest, loss: $0.trace.loss) }
        } catch {
            throw SealEvaluatorError("the forward pass failed: \(error)")
        }
    }
}
