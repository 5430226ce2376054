/// The size of a network's quizzes; part of its chain spec. docs/spec/quiz.md, section 1.
public struct QuizRules: Hashable, Sendable {
    /// Tokens per quiz, 16...512. Every quiz has exactly so many, so that no nonce is cheaper to try than another.
    public let tokenCount: Int
    /// Answer tokens that count towards the loss, 1...tokenCount / 8. Every quiz has exactly so many.
    public let scoredTokens: Int

    /// 64 tokens, 8 of them scored: the rules of every network defined so far.
    public static let standard = QuizRules(checkedTokenCount: 64, scoredTokens: 8)

    /// Token counts that rules may have.
    public static let tokenCounts = 16...512

    /// The salt comes first, so that two quizzes share hidden states only if their salts begin with the same tokens.
    package static let saltTokens = 4
    /// Sub-seeds tried before the fallback of docs/spec/quiz.md, section 3.
    package static let maxDraws: UInt32 = 256

    /// - Throws: `QuizError` if a count is out of its range.
    public init(tokenCount: Int, scoredTokens: Int) throws(QuizError) {
        guard Self.tokenCounts.contains(tokenCount) else { throw .tokenCount(got: tokenCount) }
        guard (1...tokenCount / 8).contains(scoredTokens) else {
            throw .scoredTokens(got: scoredTokens, tokenCount: tokenCount)
        }
        self.init(checkedTokenCount: tokenCount, scoredTokens: scoredTokens)
    }

    private init(checkedTokenCount tokenCount: Int, scoredTokens: Int) {
        self.tokenCount = tokenCount
        self.scoredTokens = scoredTokens
    }
}
