/// Why quizzes cannot be made with these rules or this vocabulary.
public enum QuizError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The token count is outside of 16...512.
    case tokenCount(got: Int)
    /// The number of scored tokens is outside of 1...tokenCount / 8.
    case scoredTokens(got: Int, tokenCount: Int)
    /// The model has no ordinary token to draw a salt from.
    case noOrdinaryTokens

    /// One line that names the value, what was expected and where to change it.
    public var description: String {
        switch self {
        case .tokenCount(let got):
            "quiz token count \(got) is outside of 16...512: correct quiz.tokenCount in the chain spec"
        case .scoredTokens(let got, let tokenCount):
            "\(got) scored tokens, expected 1...\(tokenCount / 8) with \(tokenCount) tokens: "
                + "correct quiz.scoredTokens in the chain spec"
        case .noOrdinaryTokens:
            "the model's vocabulary has no ordinary token to salt a quiz with: use the model that the chain spec pins"
        }
    }
}
