import PoAIModel
import PoAIPrimitives
import PoAITestSupport
import PoAIWork
import Testing

/// Quizzes over the default model's vocabulary. Skipped, with a line that says so, when the model file is not there.
@Suite struct QuizModelTests {
    private static func tokenizer() throws -> BytePairTokenizer {
        try BytePairTokenizer(gguf: GGUFFile(path: DefaultModel.path))
    }

    @Test(.enabled(if: DefaultModel.isThere), arguments: ["quiz_smollm2", "quiz_smollm2_200"])
    func quizzesAreThoseOfTheReference(name: String) throws {
        let file = try QuizSupport.expected(name)
        let generator = try QuizGenerator(tokenizer: Self.tokenizer(), rules: file.rules)
        try QuizGoldenTests().check(file, generator)
        if name == "quiz_smollm2" { #expect(file.quizzes.filter { $0.vector.subSeed > 0 }.count == 2) }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func tokensStandForTheText() throws {
        let tokenizer = try Self.tokenizer()
        let generator = try QuizGenerator(tokenizer: tokenizer, rules: .standard)
        for i in 0..<300 {
            let quiz = generator.quiz(seed: QuizSupport.seed("text", i))
            #expect(quiz.salt.allSatisfy(tokenizer.isOrdinary))
            #expect(quiz.textBytes.starts(with: tokenizer.decode(Array(quiz.tokens.dropFirst(4)))))
            // In one piece the text gives the same tokens, so that the model sees what it knows from its training.
            let joined = tokenizer.encode(quiz.textBytes)
            #expect(joined.starts(with: quiz.tokens.dropFirst(4)), "\(quiz.text)")
        }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func drawsAreSeldomRepeatedAndBeginApart() throws {
        let tokenizer = try Self.tokenizer()
        let generator = try QuizGenerator(tokenizer: tokenizer, rules: .standard)
        let bare = try QuizGenerator(tokenizer: tokenizer, rules: .standard, isSalted: false)
        let count = 20_000
        var begins = Set<[UInt32]>()
        var bareBegins = Set<[UInt32]>()
        var firstTokens = Set<UInt32>()
        var questions = Set<[UInt8]>()
        var repeated = 0
        for i in 0..<count {
            let quiz = generator.quiz(seed: QuizSupport.seed("begin", i))
            #expect(quiz.tokens.count == 64 && quiz.scored.count == 8)
            repeated += quiz.subSeed > 0 ? 1 : 0
            begins.insert(Array(quiz.tokens.prefix(16)))
            firstTokens.insert(quiz.tokens[0])
            questions.insert(quiz.items[0].question)
            bareBegins.insert(Array(bare.quiz(seed: quiz.seed).tokens.prefix(16)))
        }
        print(
            "\(count) quizzes of the model: \(repeated) with a repeated draw, \(begins.count) distinct first 16 tokens,",
            "\(firstTokens.count) distinct first tokens, \(questions.count) distinct first questions;",
            "without salt \(bareBegins.count) distinct first 16 tokens")
        #expect(begins.count == count)
        #expect(repeated * 20 < count)
        #expect(bareBegins.count < count * 9 / 10)
    }
}
