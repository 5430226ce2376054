import Foundation
import PoAIPrimitives
import PoAIWork
import Testing

/// The generator against the output of the second implementation.
@Suite struct QuizGoldenTests {
    @Test func quizzesOverBytesAreThoseOfTheReference() throws {
        let file = try QuizSupport.expected("quiz_bytes")
        let generator = try QuizSupport.byteGenerator(rules: file.rules)
        #expect(file.quizzes.count == 24)
        #expect(file.quizzes.contains { $0.vector.subSeed > 1 }, "no vector repeats a draw")
        try check(file, generator)
    }

    /// Every field of every quiz, and that the seeds are the golden ones in order.
    func check(_ file: ReferenceFile, _ generator: QuizGenerator) throws {
        for (i, entry) in file.quizzes.enumerated() {
            let quiz = generator.quiz(seed: try Hash32(hex: entry.vector.seed))
            #expect(entry.vector.mismatch(with: QuizVector(quiz)) == nil)
            #expect(quiz.items.map(\.reference) == entry.items)
            if i < 6 { #expect(quiz.seed == QuizVectorFile.seed(UInt32(i))) }
        }
    }

    @Test func everyFieldIsCompared() throws {
        let quiz = try QuizSupport.byteGenerator().quiz(seed: .zero)
        let good = QuizVector(quiz, loss: 1, digest: .zero, lhat: .one)
        #expect(good.mismatch(with: good) == nil)
        let changes: [(inout QuizVector) -> Void] = [
            { $0.seed += "0" }, { $0.subSeed ^= 1 }, { $0.text += " " }, { $0.salt[3] ^= 1 }, { $0.tokens[63] ^= 1 },
            { $0.scored[0] ^= 1 }, { $0.loss = 2 }, { $0.digest = nil }, { $0.lhat = "0x" },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            #expect(good.mismatch(with: bad)?.contains(good.seed) == true)
        }
    }

    @Test func jsonReadsBackAsItWasWritten() throws {
        let generator = try QuizSupport.byteGenerator()
        var vectors = (0..<3).map { QuizVector(generator.quiz(seed: QuizVectorFile.seed($0))) }
        vectors[1].loss = .max
        vectors[1].digest = Hash32.zero.hex
        vectors[1].lhat = UInt256.max.bigEndianHash.hex
        vectors[2].text = "\"\\\n\t\u{1}é"
        let file = QuizVectorFile(rules: .standard, quizzes: vectors)
        #expect(try JSONDecoder().decode(QuizVectorFile.self, from: Data(file.json.utf8)) == file)
    }
}
