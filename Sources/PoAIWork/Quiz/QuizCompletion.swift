/// Family 6: text completion. docs/spec/quiz.md, section 4.
enum QuizCompletion {
    private static let proverbs = QuizTemplate.templates(QuizTables.proverbs)
    private static let facts = QuizTemplate.templates(QuizTables.facts)

    static func item(_ stream: inout QuizStream) -> QuizItem {
        let lines = stream.below(2) == 0 ? proverbs : facts
        return lines[stream.index(lines.count)].item(.completion)
    }
}

extension QuizItem {
    /// Draws an item: family, kind, line of its table, values. docs/spec/quiz.md, section 4.
    static func draw(_ stream: inout QuizStream) -> QuizItem {
        switch stream.below(7) {
        case 0: QuizNumbers.addition(&stream)
        case 1: QuizNumbers.subtraction(&stream)
        case 2: QuizNumbers.multiplication(&stream)
        case 3: QuizNumbers.pattern(&stream)
        case 4: QuizAlphabet.item(&stream)
        case 5: QuizLogic.item(&stream)
        default: QuizCompletion.item(&stream)
        }
    }
}
