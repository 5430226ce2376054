import PoAIInference
import PoAIModel
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization

/// All that proof of AI needs on this machine: the pinned model, its tokenizer, the quiz generator and the exact engine.
public final class WorkEngine: Sendable {
    /// The model's weights.
    public let model: ExactModel
    /// Its tokenizer.
    public let tokenizer: BytePairTokenizer
    /// Quizzes by the network's rules.
    public let generator: QuizGenerator
    /// Runs the forward passes.
    public let engine: ExactEngine
    /// Quizzes and forward passes together.
    public let solver: QuizSolver
    private let verifications = Atomic(0)

    /// Quizzes that one pass through the weights takes together unless told otherwise.
    public static let defaultBatchSize = 4

    /// Opens the model at `modelPath`, checks that it is the one `spec` pins, and that this machine computes its golden
    /// vectors bit for bit.
    ///
    /// - Parameters:
    ///   - height: the height whose pin counts; 1 is the first block.
    ///   - threads: threads of a forward pass.
    ///   - batchSize: quizzes of one pass through the weights.
    ///   - kernel: the implementation; the fastest this CPU has unless told otherwise.
    ///   - checkGolden: whether to run the golden vectors (some tenths of a second).
    /// - Throws: `GGUFError`, `ModelError`, `TokenizerError`, `QuizError` or `WorkEngineError`, each naming the way out.
    public static func open(
        modelPath: String, spec: ChainSpec, height: UInt64 = 1, threads: Int,
        batchSize: Int = WorkEngine.defaultBatchSize, kernel: Kernel = .best, checkGolden: Bool = true
    ) throws -> WorkEngine {
        let pin = spec.model(at: height)
        guard pin.engine == ExactEngine.contractName else {
            throw WorkEngineError.unknownEngine(got: pin.engine, expected: ExactEngine.contractName)
        }
        let file = try GGUFFile(path: modelPath)
        let model = try ExactModel(file: file, expectedSHA256: pin.sha256, threads: threads)
        let rules = try QuizRules(tokenCount: spec.quiz.tokenCount, scoredTokens: spec.quiz.scoredTokens)
        let work = try WorkEngine(
            model: model, tokenizer: BytePairTokenizer(gguf: file), rules: rules, threads: threads,
            batchSize: batchSize, kernel: kernel)
        if checkGolden, let mismatch = try GoldenVectors.firstMismatch(work) {
            throw WorkEngineError.goldenMismatch(mismatch)
        }
        return work
    }

    /// Puts an engine together from a model already loaded, without any check of pins or golden vectors.
    public init(
        model: ExactModel, tokenizer: BytePairTokenizer, rules: QuizRules, threads: Int, batchSize: Int,
        kernel: Kernel = .best
    ) throws(QuizError) {
        self.model = model
        self.tokenizer = tokenizer
        generator = try QuizGenerator(tokenizer: tokenizer, rules: rules)
        engine = ExactEngine(
            model: model, kernel: kernel, threads: threads, maximumLength: rules.tokenCount,
            sequencesPerPass: batchSize)
        solver = QuizSolver(generator: generator, engine: engine)
    }

    /// Whether somebody else's block is being verified, or waits for the engine to be.
    public var isVerifying: Bool { verifications.load(ordering: .relaxed) > 0 }

    /// Runs a verification. A miner on the same engine makes way meanwhile, as what it works on is most likely out of date.
    public func verifying<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        verifications.add(1, ordering: .relaxed)
        defer { verifications.subtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Solves the quizzes of `seeds`, in their order.
    public func solve(_ seeds: [Hash32]) throws(InferenceError) -> [SolvedQuiz] { try solver.solve(seeds) }
}

/// Why this machine or this model cannot take part.
public enum WorkEngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The chain spec pins an engine this program does not have.
    case unknownEngine(got: String, expected: String)
    /// A golden vector came out different: the first field that differs.
    case goldenMismatch(String)

    /// The error in one line, with the way out.
    public var description: String {
        switch self {
        case .unknownEngine(let got, let expected):
            "the chain spec pins the engine '\(got)'; this version has '\(expected)': update poaid"
        case .goldenMismatch(let detail):
            "this machine does not compute the network's bits: \(detail); "
                + "check memory and overclocking, compare the kernels with 'poaid selftest', or try --kernel portable"
        }
    }
}
