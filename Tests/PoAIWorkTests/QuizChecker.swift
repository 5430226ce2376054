import Foundation
import PoAIWork

/// Reads a question as a person would and works out the answer, knowing nothing of how it was drawn.
enum QuizChecker {
    /// The answer without the spaces around it; nil if the question is not understood.
    static func answer(_ item: QuizItem) -> String? {
        let question = item.questionText
        switch item.family {
        case .addition, .subtraction, .multiplication: return arithmetic(question, item.family)
        case .pattern: return pattern(numbers(question))
        case .alphabetical: return alphabetical(question)
        case .logic: return logic(question)
        case .completion: return completion(question)
        }
    }

    static func numbers(_ text: String) -> [Int] {
        text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
    }

    private static func arithmetic(_ question: String, _ family: QuizFamily) -> String? {
        let numbers = numbers(question)
        guard numbers.count == 2 else { return nil }
        switch family {
        case .addition where question.contains("+") || question.contains("plus") || question.contains("sum of"):
            return "\(numbers[0] + numbers[1])"
        case .subtraction where question.contains("less than"): return "\(numbers[1] - numbers[0])"
        case .subtraction where question.contains(" - ") || question.contains("minus"):
            return "\(numbers[0] - numbers[1])"
        case .multiplication
        where question.contains(" * ") || question.contains(" x ") || question.contains("times")
            || question.contains("product of"):
            return "\(numbers[0] * numbers[1])"
        default: return nil
        }
    }

    /// Goes on with equal differences, else equal ratios, else equal differences of differences.
    private static func pattern(_ shown: [Int]) -> String? {
        guard shown.count >= 4 else { return nil }
        var terms = shown
        let steps = zip(shown.dropFirst(), shown).map { $0 - $1 }
        let growths = zip(steps.dropFirst(), steps).map { $0 - $1 }
        if Set(steps).count == 1 {
            for _ in 0..<3 { terms.append(terms[terms.count - 1] + steps[0]) }
        } else if shown[1] % shown[0] == 0, zip(shown.dropFirst(), shown).allSatisfy({ $0 == $1 * shown[1] / shown[0] })
        {
            for _ in 0..<2 { terms.append(terms[terms.count - 1] * shown[1] / shown[0]) }
        } else if shown.count == 5, Set(growths).count == 1 {
            var step = steps[3]
            for _ in 0..<2 {
                step += growths[0]
                terms.append(terms[terms.count - 1] + step)
            }
        } else {
            return nil
        }
        return terms.dropFirst(shown.count).map(String.init).joined(separator: ", ")
    }

    private static func alphabetical(_ question: String) -> String? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let words = question.split { !$0.isLetter }.map(String.init).filter { $0.allSatisfy(\.isLowercase) }
        let shown = words.filter { QuizSupport.lines(QuizTables.words).contains($0) }
        if shown.count >= 3 { return shown.sorted().joined(separator: ", ") }
        let capitals = question.split { !$0.isLetter }.filter { $0.count == 1 && $0.allSatisfy(\.isUppercase) }
        guard let letter = capitals.last?.first, let at = alphabet.firstIndex(of: letter) else { return nil }
        let isBackward = ["backwards", "down", "Reverse"].contains { question.contains($0) }
        let range = isBackward ? (1...4).map { at - $0 } : (1...4).map { at + $0 }
        guard range.allSatisfy(alphabet.indices.contains) else { return nil }
        return range.map { String(alphabet[$0]) }.joined(separator: ", ")
    }

    private static func completion(_ question: String) -> String? {
        let lines = QuizSupport.lines(QuizTables.proverbs) + QuizSupport.lines(QuizTables.facts)
        let fits = lines.filter { "\n" + $0.components(separatedBy: "|")[0] == question }
        guard fits.count == 1 else { return nil }
        return fits[0].components(separatedBy: "|")[1].trimmingCharacters(in: .whitespaces)
    }
}
