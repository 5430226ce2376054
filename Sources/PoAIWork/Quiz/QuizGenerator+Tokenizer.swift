import PoAIModel

extension QuizGenerator {
    /// Quizzes over a model's vocabulary.
    /// - Parameters:
    ///   - tokenizer: that of the model which the chain spec pins.
    ///   - rules: the size of the quizzes, from the chain spec.
    /// - Throws: `QuizError.noOrdinaryTokens`.
    public init(tokenizer: BytePairTokenizer, rules: QuizRules) throws(QuizError) {
        try self.init(tokenizer: tokenizer, rules: rules, isSalted: true)
    }

    /// As the public initializer; `isSalted: false` leaves the salt out, which no network does.
    package init(tokenizer: BytePairTokenizer, rules: QuizRules, isSalted: Bool) throws(QuizError) {
        let ids = 0..<UInt32(clamping: tokenizer.vocabularySize)
        try self.init(ordinary: ids.filter(tokenizer.isOrdinary), rules: rules, isSalted: isSalted) {
            tokenizer.encode($0)
        }
    }
}
