import PoAIPrimitives
import PoAIWork
import Testing

/// Properties over many fixed seeds.
@Suite struct QuizStatisticsTests {
    @Test func allFamiliesOccurAboutAsOften() throws {
        // Long enough that no draw is repeated, which would favour short questions with long answers.
        let generator = try QuizSupport.byteGenerator(rules: QuizRules(tokenCount: 512, scoredTokens: 8))
        var counts = Array(repeating: 0, count: QuizFamily.allCases.count)
        for i in 0..<7000 {
            let quiz = generator.quiz(seed: QuizSupport.seed("families", i))
            #expect(quiz.subSeed == 0)
            counts[Int(quiz.items[0].family.rawValue)] += 1
        }
        // 1000 each are expected, with a standard deviation of 29.
        #expect(counts.allSatisfy { (880...1120).contains($0) }, "\(counts)")
    }

    /// Prefix reuse across nonces needs sequences that begin alike. docs/threat_model.md.
    @Test func noTwoOfManyQuizzesBeginAlike() throws {
        let salted = try QuizSupport.byteGenerator()
        let bare = try QuizSupport.byteGenerator(isSalted: false)
        var begins = Set<[UInt32]>()
        var salts = Set<[UInt32]>()
        var questions = Set<[UInt8]>()
        var bareBegins = Set<[UInt32]>()
        for i in 0..<20_000 {
            let seed = QuizSupport.seed("begin", i)
            let quiz = salted.quiz(seed: seed)
            begins.insert(Array(quiz.tokens.prefix(16)))
            salts.insert(quiz.salt)
            questions.insert(quiz.items[0].question)
            bareBegins.insert(Array(bare.quiz(seed: seed).tokens.prefix(16)))
        }
        print(
            "20000 quizzes: \(begins.count) distinct first 16 tokens, \(salts.count) distinct salts,",
            "\(questions.count) distinct first questions; without salt \(bareBegins.count) distinct first 16 tokens")
        #expect(begins.count == 20_000)
        // So the salt is what keeps them apart.
        #expect(bareBegins.count < 19_000)
    }

    @Test func everyBitOfTheSeedMatters() throws {
        let generator = try QuizSupport.byteGenerator()
        let base = QuizSupport.seed("flip", 0)
        var seen: Set = [generator.quiz(seed: base).tokens]
        for bit in 0..<256 {
            var bytes = base.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            seen.insert(generator.quiz(seed: try #require(Hash32(bytes))).tokens)
        }
        #expect(seen.count == 257)
    }

    @Test func theSameSeedGivesTheSameQuizOnManyThreads() async throws {
        let generator = try QuizSupport.byteGenerator()
        let expected = (0..<50).map { generator.quiz(seed: QuizSupport.seed("again", $0)) }
        await withTaskGroup(of: [Quiz].self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<50).map { generator.quiz(seed: QuizSupport.seed("again", $0)) } }
            }
            for await quizzes in group { #expect(quizzes == expected) }
        }
    }
}
