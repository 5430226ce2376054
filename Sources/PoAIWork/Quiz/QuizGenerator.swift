import PoAIPrimitives

/// Makes quizzes from seeds. docs/spec/quiz.md.
///
/// The same seed gives the same quiz on every machine: integers and bytes only, tables in source order. A value may be
/// shared by any number of threads.
public struct QuizGenerator: Sendable {
    /// The size of the quizzes.
    public let rules: QuizRules

    /// Ids of the model's ordinary tokens, ascending; not empty.
    private let ordinary: [UInt32]
    private let encode: @Sendable ([UInt8]) -> [UInt32]
    private let isSalted: Bool

    /// Quizzes over any vocabulary.
    /// - Parameters:
    ///   - ordinary: ids of the ordinary tokens, ascending.
    ///   - rules: the size of the quizzes.
    ///   - isSalted: false leaves the salt out. No network does so: it is there to measure what the salt is good for
    ///     (docs/threat_model.md, prefix reuse).
    ///   - encode: the tokenizer: bytes to ids, nothing added at the ends, special tokens without a meaning.
    /// - Throws: `QuizError.noOrdinaryTokens`.
    package init(
        ordinary: [UInt32], rules: QuizRules, isSalted: Bool = true,
        encode: @escaping @Sendable ([UInt8]) -> [UInt32]
    ) throws(QuizError) {
        guard !ordinary.isEmpty else { throw .noOrdinaryTokens }
        self.ordinary = ordinary
        self.rules = rules
        self.isSalted = isSalted
        self.encode = encode
    }

    /// The quiz of `seed`. Every seed has one: a draw whose cut leaves too few answer tokens is repeated with the next
    /// sub-seed.
    public func quiz(seed: Hash32) -> Quiz {
        for subSeed in 0..<QuizRules.maxDraws {
            let draw = draw(seed: seed, subSeed: subSeed)
            if draw.isGood(rules) { return quiz(of: draw, seed: seed, subSeed: subSeed) }
        }
        return fallback(seed: seed)
    }

    /// A sequence that may still be unfit.
    private struct Draw {
        var salt: [UInt32] = []
        var items: [QuizItem] = []
        var tokens: [UInt32] = []
        var answers: [Int] = []

        func isGood(_ rules: QuizRules) -> Bool {
            tokens.count == rules.tokenCount && answers.count >= rules.scoredTokens
        }
    }

    /// docs/spec/quiz.md, section 3.
    private func draw(seed: Hash32, subSeed: UInt32) -> Draw {
        var stream = QuizStream(seed: seed, subSeed: subSeed)
        var draw = Draw()
        if isSalted {
            draw.salt = (0..<QuizRules.saltTokens).map { _ in ordinary[stream.index(ordinary.count)] }
        }
        draw.tokens.reserveCapacity(rules.tokenCount + 64)
        draw.tokens.append(contentsOf: draw.salt)
        while draw.tokens.count < rules.tokenCount, draw.items.count < rules.tokenCount {
            let item = QuizItem.draw(&stream)
            draw.items.append(item)
            draw.tokens.append(contentsOf: encode(item.question))
            let start = draw.tokens.count
            draw.tokens.append(contentsOf: encode(item.answer))
            draw.answers.append(contentsOf: start..<draw.tokens.count)
        }
        draw.tokens.removeLast(max(0, draw.tokens.count - rules.tokenCount))
        draw.answers.removeAll { $0 >= rules.tokenCount }
        return draw
    }

    private func quiz(of draw: Draw, seed: Hash32, subSeed: UInt32) -> Quiz {
        Quiz(
            seed: seed, subSeed: subSeed, salt: draw.salt, items: draw.items, tokens: draw.tokens,
            scored: Array(draw.answers.prefix(rules.scoredTokens)))
    }

    /// The quiz of a seed without a good draw: unheard of with a vocabulary made for text, but a seed must not be
    /// without a quiz, and none may be cheaper than another.
    private func fallback(seed: Hash32) -> Quiz {
        var draw = draw(seed: seed, subSeed: 0)
        let missing = rules.tokenCount - draw.tokens.count
        draw.tokens.append(contentsOf: repeatElement(ordinary[0], count: missing))
        draw.answers = Array(rules.tokenCount - rules.scoredTokens..<rules.tokenCount)
        return quiz(of: draw, seed: seed, subSeed: 0)
    }
}
