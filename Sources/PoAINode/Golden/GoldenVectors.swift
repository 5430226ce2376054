import Foundation
import PoAIInference
import PoAIPrimitives
import PoAIWork

/// Golden vectors of the default model: seed → text → token ids → loss → digest → ℓ̂, computed once and committed. A node
/// that gets another bit neither mines nor validates.
public enum GoldenVectors {
    /// SHA-256 of the model the vectors are of.
    public static let modelSHA256: StaticString = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

    /// The committed vectors.
    public static func file() throws -> QuizVectorFile {
        try JSONDecoder().decode(QuizVectorFile.self, from: Data(PackageResources.smollm2_135m_q4_1_json))
    }

    /// Runs the vectors on `work`: nil when every bit is right, else one line that names the first difference. Nil also for
    /// another model or other quiz rules, of which there are no vectors.
    public static func firstMismatch(_ work: WorkEngine) throws -> String? {
        let file = try file()
        guard work.model.sha256.hex == "0x\(modelSHA256)", work.generator.rules.tokenCount == file.tokenCount,
            work.generator.rules.scoredTokens == file.scoredTokens
        else { return nil }
        return try mismatch(work.solver, file.quizzes)
    }

    /// Solves the quizzes of `vectors` in one batch and compares.
    public static func mismatch(_ solver: QuizSolver, _ vectors: [QuizVector]) throws -> String? {
        let solved = try solver.solve(vectors.map { try Hash32(hex: $0.seed) })
        for (vector, solution) in zip(vectors, solved) {
            if let difference = vector.mismatch(with: QuizVector(solution)) { return difference }
        }
        return nil
    }
}

extension QuizVector {
    /// The vector of a solved quiz.
    public init(_ solved: SolvedQuiz) {
        self.init(solved.quiz, loss: solved.trace.loss, digest: solved.trace.digest, lhat: solved.seal.lhat)
    }
}
