import PoAIInference
import PoAIModel
import PoAINode
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// Makes quizzes by a network's rules, and runs its model on them if asked to.
struct QuizSource {
    private let generator: QuizGenerator
    private let solver: QuizSolver?

    /// - Parameters:
    ///   - height: whose pinned model counts.
    ///   - isSalted: false is for experiments only.
    ///   - hasPass: false needs the model's vocabulary only and is quick.
    init(spec: ChainSpec, height: UInt64, model: ModelOptions, isSalted: Bool, hasPass: Bool) throws {
        let rules = try QuizRules(tokenCount: spec.quiz.tokenCount, scoredTokens: spec.quiz.scoredTokens)
        let tokenizer: BytePairTokenizer
        let engine: ExactEngine?
        if hasPass {
            let work = try WorkEngine.open(
                modelPath: model.modelPath, spec: spec, height: height, threads: model.threadCount,
                kernel: model.chosenKernel)
            (tokenizer, engine) = (work.tokenizer, work.engine)
        } else {
            tokenizer = try Self.tokenizer(model.modelPath, spec.model(at: height))
            engine = nil
        }
        let generator = try QuizGenerator(tokenizer: tokenizer, rules: rules, isSalted: isSalted)
        self.generator = generator
        solver = engine.map { QuizSolver(generator: generator, engine: $0) }
    }

    /// The reports of these seeds' quizzes, in their order.
    func reports(_ seeds: [Hash32]) throws -> [QuizReport] {
        guard let solver else { return seeds.map { QuizReport(generator.quiz(seed: $0)) } }
        return try solver.solve(seeds).map(QuizReport.init)
    }

    private static func tokenizer(_ path: String, _ pin: ModelPin) throws -> BytePairTokenizer {
        let tokenizer = try BytePairTokenizer(gguf: try GGUFFile(path: path))
        let digest = try FileDigest.sha256(of: path).map { try Hash32(hex: $0) } ?? .zero
        guard digest == pin.sha256 else {
            throw ModelError.wrongHash(path: path, got: digest, expected: pin.sha256)
        }
        return tokenizer
    }
}
