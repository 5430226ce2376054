/// Family 4: alphabetical order. docs/spec/quiz.md, section 4. The order of the draws is part of the protocol.
enum QuizAlphabet {
    private static let sorting = QuizTemplate.templates(QuizTables.sorting)
    private static let onward = QuizTemplate.templates(QuizTables.onward)
    private static let backward = QuizTemplate.templates(QuizTables.backward)
    private static let words = QuizTable.lines(QuizTables.words)

    static func item(_ stream: inout QuizStream) -> QuizItem {
        switch stream.below(3) {
        case 0: sorted(&stream)
        case 1: lettersAfter(&stream)
        default: lettersBefore(&stream)
        }
    }

    private static func sorted(_ stream: inout QuizStream) -> QuizItem {
        let template = sorting[stream.index(sorting.count)]
        let count = Int(stream.between(3...4))
        let chosen = stream.choose(count, of: words.count).map { words[$0] }
        let ascending = chosen.sorted { $0.lexicographicallyPrecedes($1) }
        return template.item(.alphabetical, [("w", QuizText.list(chosen)), ("s", QuizText.list(ascending))])
    }

    private static func lettersAfter(_ stream: inout QuizStream) -> QuizItem {
        let template = onward[stream.index(onward.count)]
        let start = stream.below(22)
        let letters = (1...4).map { QuizText.letter(start + $0) }
        return template.item(.alphabetical, [("a", QuizText.letter(start)), ("l", QuizText.list(letters))])
    }

    private static func lettersBefore(_ stream: inout QuizStream) -> QuizItem {
        let template = backward[stream.index(backward.count)]
        let start = stream.between(4...25)
        let letters = (1...4).map { QuizText.letter(start - $0) }
        return template.item(.alphabetical, [("a", QuizText.letter(start)), ("l", QuizText.list(letters))])
    }
}
