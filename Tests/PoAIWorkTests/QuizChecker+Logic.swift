import Foundation
import PoAIWork

extension QuizChecker {
    static func logic(_ question: String) -> String? {
        if question.contains("nave") { return knights(question) }
        if question.contains("All ") { return syllogism(question) }
        if question.contains("If ") || question.contains("Whenever ") { return conditional(question) }
        return ordering(question)
    }

    private static func groups(_ pattern: String, _ text: String) -> [String]? {
        guard let expression = try? NSRegularExpression(pattern: pattern),
            let hit = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))
        else { return nil }
        return (1..<hit.numberOfRanges).map { i in
            Range(hit.range(at: i), in: text).map { String(text[$0]) } ?? ""
        }
    }

    private static func ordering(_ question: String) -> String? {
        let more = groups(#"(\w+) is (\w+) than (\w+)\. (\w+) is \w+ than (\w+)\."#, question)
        guard let more, more.count == 5 else { return nil }
        let ranked: [String]
        if more[2] == more[3] {
            ranked = [more[0], more[2], more[4]]
        } else if more[4] == more[0] {
            ranked = [more[3], more[4], more[2]]
        } else {
            return nil
        }
        let tops = ["taller": "tallest", "older": "oldest", "faster": "fastest", "heavier": "heaviest"]
        let others = ["richer": "richest", "stronger": "strongest", "louder": "loudest"]
        guard let top = tops[more[1]] ?? others[more[1]] else { return nil }
        let bottoms = ["shortest", "youngest", "slowest", "lightest", "poorest", "weakest", "quietest"]
        let isFromTop = question.contains(top)
        guard isFromTop != bottoms.contains(where: { question.contains($0) }) else { return nil }
        return (isFromTop ? ranked : ranked.reversed()).joined(separator: ", ")
    }

    /// The answer must follow from the premise, whose words it repeats.
    private static func syllogism(_ question: String) -> String? {
        guard let rule = groups(#"All (\w+) are (\w+)\."#, question),
            let fact = groups(#"(\w+) is (an?) (\w+)\."#, question),
            let end = groups(#"(?:So|Therefore) (\w+) is$"#, question),
            end[0] == fact[0], rule[0] == fact[2] || rule[0] == fact[2] + "s"
        else { return nil }
        let single = rule[1] == "fish" ? "fish" : String(rule[1].dropLast())
        let article = "aeiou".contains(single.first ?? " ") ? "an" : "a"
        return "\(article) \(single), because all \(rule[0]) are \(rule[1])"
    }

    private static func knights(_ question: String) -> String? {
        guard let told = groups(#"(\w+)(?: is|,) a (\w+)(?: and|,) says (\w+) is a (\w+)\. So (\w+) is$"#, question),
            told[2] == told[4], told[0] != told[2]
        else { return nil }
        let isKnave = (told[1] == "knave") != (told[3] == "knave")
        let reason = told[1] == "knave" ? "knaves lie" : "knights tell the truth"
        return "a \(isKnave ? "knave" : "knight"), because \(reason)"
    }

    /// Affirming gives the consequence; denying the consequence gives the denied condition.
    private static func conditional(_ question: String) -> String? {
        let spoken =
            groups(#"If (.+?), then (.+?)\. We know that (.+?)\. So$"#, question)
            ?? groups(#"Whenever (.+?), (.+?)\. Today (.+?)\. Therefore$"#, question)
        guard let spoken else { return nil }
        if spoken[2] == spoken[0] { return spoken[1] }
        return spoken[2] == denied(spoken[1]) ? denied(spoken[0]) : nil
    }

    /// "it rains" to "it does not rain", "the lamp is on" to "the lamp is not on", "we buy" to "we do not buy".
    private static func denied(_ clause: String) -> String {
        var words = clause.components(separatedBy: " ")
        if let at = words.firstIndex(of: "is") {
            words.insert("not", at: at + 1)
        } else if words[0] == "we" {
            words.insert(contentsOf: ["do", "not"], at: 1)
        } else {
            let verb = words[0] == "it" ? 1 : 2
            if words[1] == "hills" || words[1] == "stones" {
                words.insert(contentsOf: ["do", "not"], at: verb)
            } else {
                words[verb] = String(words[verb].dropLast())
                words.insert(contentsOf: ["does", "not"], at: verb)
            }
        }
        return words.joined(separator: " ")
    }
}
