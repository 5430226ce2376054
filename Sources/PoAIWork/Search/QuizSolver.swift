import PoAIInference
import PoAIPrimitives

/// A quiz and what the model computed on it.
public struct SolvedQuiz: Hashable, Sendable {
    /// The quiz.
    public let quiz: Quiz
    /// Its forward pass.
    public let trace: Trace

    /// Puts the two together.
    public init(quiz: Quiz, trace: Trace) {
        self.quiz = quiz
        self.trace = trace
    }

    /// The seal it makes.
    public var seal: Seal { Seal(quizSeed: quiz.seed, loss: trace.loss, traceDigest: trace.digest) }
}

/// Turns quiz seeds into forward passes: the work that miners do and that everybody else repeats.
public struct QuizSolver: Sendable {
    /// Makes the quizzes.
    public let generator: QuizGenerator
    /// Runs the model.
    public let engine: any InferenceEngine

    /// A solver from its two parts, which must be of the same model.
    public init(generator: QuizGenerator, engine: any InferenceEngine) {
        self.generator = generator
        self.engine = engine
    }

    /// Solves the quizzes of `seeds`, in their order, in as few passes through the weights as the engine can.
    ///
    /// - Parameter cancelled: asked now and then; once it says true the work is dropped.
    /// - Throws: `InferenceError`; its index is the place in `seeds`.
    public func solve(
        _ seeds: [Hash32], unless cancelled: () -> Bool = { false }
    ) throws(InferenceError) -> [SolvedQuiz] {
        let quizzes = seeds.map(generator.quiz(seed:))
        let traces = try engine.evaluate(quizzes.map(\.sequence), unless: cancelled)
        return zip(quizzes, traces).map(SolvedQuiz.init(quiz:trace:))
    }
}

extension Quiz {
    /// What the model is run on.
    public var sequence: ScoredSequence { ScoredSequence(tokens: tokens, scored: scored) }
}
