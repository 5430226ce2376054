/// Family 5: logic. docs/spec/quiz.md, section 4. The order of the draws is part of the protocol.
enum QuizLogic {
    private static let orderings = QuizTemplate.templates(QuizTables.ordering)
    private static let syllogisms = QuizTemplate.templates(QuizTables.syllogism)
    private static let knightTales = QuizTemplate.templates(QuizTables.knights)
    private static let conditionals = QuizTemplate.templates(QuizTables.conditional)
    private static let relations = QuizTable.rows(QuizTables.relations, fields: 3)
    private static let classes = QuizTable.rows(QuizTables.classes, fields: 4)
    private static let conditions = QuizTable.rows(QuizTables.conditions, fields: 4)
    private static let names = QuizTable.lines(QuizTables.names)

    static func item(_ stream: inout QuizStream) -> QuizItem {
        switch stream.below(4) {
        case 0: ordering(&stream)
        case 1: syllogism(&stream)
        case 2: knights(&stream)
        default: conditional(&stream)
        }
    }

    private static func ordering(_ stream: inout QuizStream) -> QuizItem {
        let template = orderings[stream.index(orderings.count)]
        let relation = relations[stream.index(relations.count)]
        let ranked = stream.choose(3, of: names.count).map { names[$0] }
        let isSwapped = stream.below(2) == 1
        let isFromBottom = stream.below(2) == 1
        let premises = (0...1).map { i in
            ranked[i] + QuizText.bytes(" is ") + relation[0] + QuizText.bytes(" than ") + ranked[i + 1]
                + QuizText.bytes(".")
        }
        return template.item(
            .logic,
            [
                ("p", premises[isSwapped ? 1 : 0]), ("q", premises[isSwapped ? 0 : 1]),
                ("t", relation[isFromBottom ? 2 : 1]), ("l", QuizText.list(isFromBottom ? ranked.reversed() : ranked)),
            ])
    }

    private static func syllogism(_ stream: inout QuizStream) -> QuizItem {
        let template = syllogisms[stream.index(syllogisms.count)]
        let fields = classes[stream.index(classes.count)]
        let name = names[stream.index(names.count)]
        return template.item(
            .logic, [("a", fields[0]), ("b", fields[1]), ("c", fields[2]), ("d", fields[3]), ("n", name)])
    }

    private static func knights(_ stream: inout QuizStream) -> QuizItem {
        let template = knightTales[stream.index(knightTales.count)]
        let pair = stream.choose(2, of: names.count).map { names[$0] }
        let speakerLies = stream.below(2) == 1
        let claimsKnave = stream.below(2) == 1
        func sort(isKnave: Bool) -> [UInt8] { isKnave ? QuizText.bytes("knave") : QuizText.bytes("knight") }
        return template.item(
            .logic,
            [
                ("a", pair[0]), ("b", pair[1]), ("k", sort(isKnave: speakerLies)), ("m", sort(isKnave: claimsKnave)),
                ("o", sort(isKnave: claimsKnave != speakerLies)),
                ("w", speakerLies ? QuizText.bytes("lie") : QuizText.bytes("tell the truth")),
            ])
    }

    private static func conditional(_ stream: inout QuizStream) -> QuizItem {
        let template = conditionals[stream.index(conditionals.count)]
        let fields = conditions[stream.index(conditions.count)]
        return template.item(.logic, [("p", fields[0]), ("q", fields[1]), ("r", fields[2]), ("s", fields[3])])
    }
}
