/// Families 0 to 3: arithmetic and number patterns. docs/spec/quiz.md, section 4. The order of the draws is part of the
/// protocol.
enum QuizNumbers {
    private static let additions = QuizTemplate.templates(QuizTables.addition)
    private static let subtractions = QuizTemplate.templates(QuizTables.subtraction)
    private static let multiplications = QuizTemplate.templates(QuizTables.multiplication)
    private static let patterns = QuizTemplate.templates(QuizTables.pattern)

    static func addition(_ stream: inout QuizStream) -> QuizItem {
        let range: ClosedRange<UInt64> = stream.below(2) == 0 ? 2...99 : 100...999
        let template = additions[stream.index(additions.count)]
        let a = stream.between(range)
        let b = stream.between(range)
        return template.item(.addition, values(a, b, a + b))
    }

    static func subtraction(_ stream: inout QuizStream) -> QuizItem {
        let range: ClosedRange<UInt64> = stream.below(2) == 0 ? 2...99 : 100...899
        let template = subtractions[stream.index(subtractions.count)]
        let b = stream.between(range)
        let c = stream.between(range)
        return template.item(.subtraction, values(b + c, b, c))
    }

    static func multiplication(_ stream: inout QuizStream) -> QuizItem {
        let range: ClosedRange<UInt64> = stream.below(2) == 0 ? 2...12 : 11...99
        let template = multiplications[stream.index(multiplications.count)]
        let a = stream.between(range)
        let b = stream.between(2...12)
        return template.item(.multiplication, values(a, b, a * b))
    }

    static func pattern(_ stream: inout QuizStream) -> QuizItem {
        let kind = stream.below(4)
        let template = patterns[stream.index(patterns.count)]
        let terms: [UInt64]
        switch kind {
        case 0:
            let first = stream.between(1...60)
            let step = stream.between(2...15)
            terms = (0...6).map { first + $0 * step }
        case 1:
            let last = stream.between(1...60)
            let step = stream.between(2...15)
            terms = (0...6).map { last + (6 - $0) * step }
        case 2:
            let first = stream.between(1...9)
            let ratio = stream.between(2...4)
            terms = (0..<5).reduce(into: [first]) { terms, i in terms.append(terms[i] * ratio) }
        default:
            let first = stream.between(1...20)
            let step = stream.between(1...9)
            let growth = stream.between(1...5)
            terms = (0..<6).reduce(into: [first]) { terms, i in terms.append(terms[i] + step + UInt64(i) * growth) }
        }
        let shown = kind == 3 ? 5 : 4
        return template.item(
            .pattern, [("s", QuizText.list(terms.prefix(shown))), ("n", QuizText.list(terms.dropFirst(shown)))])
    }

    private static func values(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> QuizTemplate.Values {
        [("a", QuizText.decimal(a)), ("b", QuizText.decimal(b)), ("c", QuizText.decimal(c))]
    }
}
