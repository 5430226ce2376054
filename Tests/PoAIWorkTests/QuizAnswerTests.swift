import PoAIPrimitives
import PoAIWork
import Testing

/// The answers are right, in the judgement of a checker that reads the text alone.
@Suite struct QuizAnswerTests {
    @Test func everyAnswerIsRight() throws {
        let generator = try QuizSupport.byteGenerator(rules: QuizRules(tokenCount: 512, scoredTokens: 8))
        var checked = Array(repeating: 0, count: QuizFamily.allCases.count)
        var seen = Set<QuizItem>()
        for i in 0..<1200 {
            for item in generator.quiz(seed: QuizSupport.seed("answers", i)).items where seen.insert(item).inserted {
                let given = item.answerText
                #expect(QuizChecker.answer(item) == String(given.drop { $0 == " " }), "\(item.questionText)")
                // Spaces stand where tokenizers put them in running text: before a word, after "= ".
                #expect(given.first == " " ? item.question.last != 0x20 : item.question.last == 0x20)
                #expect(given.first == " " || given.first?.isNumber == true)
                #expect(item.question.first == UInt8(ascii: "\n") && !given.contains("\n"))
                checked[Int(item.family.rawValue)] += 1
            }
        }
        #expect(checked.allSatisfy { $0 >= 150 }, "\(checked)")
    }

    /// The checker is no rubber stamp.
    @Test(arguments: [
        (QuizFamily.addition, "\n2 + 2 = ", "5"), (.subtraction, "\n2 less than 9 is ", "-7"),
        (.multiplication, "\n2 times 9 is ", "11"), (.pattern, "\n1, 2, 3, 4, ", "5, 6, 8"),
        (.pattern, "\n3, 6, 12, 24, ", "36, 48"), (.pattern, "\n1, 2, 4, 7, 11, ", "16, 21"),
        (.alphabetical, "\nThe letters after C are", " D, E, F, H"),
        (.alphabetical, "\nSort A to Z: tree, book, lion\nSorted:", " tree, book, lion"),
        (.logic, "\nTom is taller than Max. Ben is taller than Tom. tallest first:", " Tom, Ben, Max"),
        (
            .logic, "\nKnaves lie, knights do not. Tom, a knave, says Max is a knave. So Max is",
            " a knave, because knaves lie"
        ),
        (.logic, "\nIf it rains, then the street gets wet. We know that it rains. So", " it does not rain"),
    ])
    func wrongAnswersAreNoticed(family: QuizFamily, question: String, answer: String) {
        let item = QuizItem(family: family, question: Array(question.utf8), answer: Array(answer.utf8))
        let right = QuizChecker.answer(item)
        #expect(right != nil && right != String(answer.drop { $0 == " " }))
    }
}
