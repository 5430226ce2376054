import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAIWork

/// What the quiz tests share: a vocabulary that needs no model file, and the committed vectors.
enum QuizSupport {
    /// Quizzes over 256 tokens, one per byte value and all ordinary.
    static func byteGenerator(
        rules: QuizRules = .standard, isSalted: Bool = true
    ) throws -> QuizGenerator {
        try QuizGenerator(ordinary: Array(0..<256), rules: rules, isSalted: isSalted) { $0.map(UInt32.init) }
    }

    /// A committed output of quiz_reference.py.
    static func expected(_ name: String) throws -> ReferenceFile {
        let url = PackageRoot.url.appending(path: "Tests/PoAIWorkTests/Resources/\(name).json")
        return try JSONDecoder().decode(ReferenceFile.self, from: Data(contentsOf: url))
    }

    /// The i-th seed of a test's own series; `name` keeps series apart.
    static func seed(_ name: String, _ i: Int) -> Hash32 {
        Keccak256.hash(Array("\(name) \(i)".utf8))
    }
}

/// The format of quiz_reference.py: that of `QuizVectorFile`, with the items besides.
struct ReferenceFile: Decodable {
    struct Item: Decodable, Equatable {
        var family: String
        var question: String
        var answer: String
    }

    struct Entry: Decodable {
        var vector: QuizVector
        var items: [Item]

        private enum Key: CodingKey { case items }

        init(from decoder: any Decoder) throws {
            vector = try QuizVector(from: decoder)
            items = try decoder.container(keyedBy: Key.self).decode([Item].self, forKey: .items)
        }
    }

    var tokenCount: Int
    var scoredTokens: Int
    var quizzes: [Entry]

    var rules: QuizRules {
        get throws { try QuizRules(tokenCount: tokenCount, scoredTokens: scoredTokens) }
    }
}

extension QuizItem {
    var questionText: String { String(decoding: question, as: UTF8.self) }
    var answerText: String { String(decoding: answer, as: UTF8.self) }
    var reference: ReferenceFile.Item {
        .init(family: "\(family)", question: questionText, answer: answerText)
    }
}
