import PoAIPrimitives
import PoAIWork
import Testing

/// Every quiz costs the same, whatever the rules, the seed and the vocabulary.
@Suite struct QuizRulesTests {
    @Test(arguments: [
        (16, 1), (16, 2), (17, 2), (32, 4), (64, 8), (100, 12), (128, 16), (257, 32), (512, 64), (512, 1),
    ])
    func sizesAreExact(tokenCount: Int, scoredTokens: Int) throws {
        let rules = try QuizRules(tokenCount: tokenCount, scoredTokens: scoredTokens)
        let generator = try QuizSupport.byteGenerator(rules: rules)
        for i in 0..<200 {
            let quiz = generator.quiz(seed: QuizSupport.seed("sizes", i))
            #expect(quiz.tokens.count == tokenCount)
            #expect(quiz.scored.count == scoredTokens)
            #expect(Array(quiz.tokens.prefix(4)) == quiz.salt)
            #expect(quiz.scored == Set(quiz.scored).sorted())
            #expect(quiz.scored.allSatisfy { (5..<tokenCount).contains($0) })
        }
    }

    /// With one token per byte the scored positions can be looked up in the text: they are the first bytes of answers.
    @Test func scoredTokensAreTheFirstAnswerTokens() throws {
        let generator = try QuizSupport.byteGenerator()
        for i in 0..<500 {
            let quiz = generator.quiz(seed: QuizSupport.seed("scored", i))
            var isAnswer = Array(repeating: false, count: 4)
            for item in quiz.items {
                isAnswer += Array(repeating: false, count: item.question.count)
                isAnswer += Array(repeating: true, count: item.answer.count)
            }
            let text = quiz.salt + quiz.textBytes.map(UInt32.init)
            #expect(quiz.tokens == Array(text.prefix(64)))
            #expect(quiz.scored == Array(isAnswer.indices.filter { isAnswer[$0] }.prefix(8)))
        }
    }

    @Test func saltComesFromTheOrdinaryTokens() throws {
        let ordinary: [UInt32] = [300, 301, 302, 1000, 5000, 70000]
        let generator = try QuizGenerator(ordinary: ordinary, rules: .standard) { $0.map(UInt32.init) }
        let salts = (0..<300).flatMap { generator.quiz(seed: QuizSupport.seed("salt", $0)).salt }
        #expect(Set(salts) == Set(ordinary))
    }

    @Test func withoutSaltTheTextComesFirst() throws {
        let generator = try QuizSupport.byteGenerator(isSalted: false)
        let quiz = generator.quiz(seed: .zero)
        #expect(quiz.salt.isEmpty)
        #expect(quiz.tokens == quiz.textBytes.prefix(64).map(UInt32.init))
    }

    /// A vocabulary in which every piece is a single token leaves room for any number of items; one in which it is none
    /// leaves no good draw at all.
    @Test func vocabulariesNotMadeForTextStillGiveWholeQuizzes() throws {
        let whole = try QuizGenerator(ordinary: [7], rules: .standard) { _ in [9] }
        let quiz = whole.quiz(seed: .zero)
        #expect(quiz.tokens == Array(repeating: 7, count: 4) + Array(repeating: 9, count: 60))
        #expect(quiz.scored == (0..<8).map { 5 + 2 * $0 })

        let mute = try QuizGenerator(ordinary: [7, 8], rules: .standard) { _ in [] }
        let padded = mute.quiz(seed: .zero)
        #expect(padded.items.count == 64)
        #expect(padded.tokens == padded.salt + Array(repeating: 7, count: 60))
        #expect(padded.scored == Array(56..<64))
        #expect(padded.subSeed == 0)
    }

    /// The first question alone fills the sequence: draw 0 is used, as it was cut, and its last tokens are scored.
    @Test func withoutAGoodDrawTheLastTokensAreScored() throws {
        let generator = try QuizGenerator(ordinary: [7, 8], rules: .standard) { bytes in
            bytes.flatMap { byte in (0..<60).map { UInt32(byte) << 8 | UInt32($0) } }
        }
        let quiz = generator.quiz(seed: .zero)
        #expect(quiz.subSeed == 0)
        #expect(quiz.tokens == quiz.salt + (0..<60).map { UInt32(UInt8(ascii: "\n")) << 8 | $0 })
        #expect(quiz.scored == Array(56..<64))
    }

    @Test func rulesOutsideTheirRangesAreRefused() {
        #expect(throws: QuizError.tokenCount(got: 15)) { try QuizRules(tokenCount: 15, scoredTokens: 1) }
        #expect(throws: QuizError.tokenCount(got: 513)) { try QuizRules(tokenCount: 513, scoredTokens: 1) }
        #expect(throws: QuizError.tokenCount(got: .min)) { try QuizRules(tokenCount: .min, scoredTokens: 1) }
        #expect(throws: QuizError.scoredTokens(got: 0, tokenCount: 64)) {
            try QuizRules(tokenCount: 64, scoredTokens: 0)
        }
        #expect(throws: QuizError.scoredTokens(got: 9, tokenCount: 64)) {
            try QuizRules(tokenCount: 64, scoredTokens: 9)
        }
        #expect(throws: QuizError.noOrdinaryTokens) {
            try QuizGenerator(ordinary: [], rules: .standard) { _ in [1] }
        }
        #expect(QuizError.tokenCount(got: 15).description.contains("15"))
    }
}
