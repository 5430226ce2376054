import Foundation
import PoAITestSupport
import PoAIWork
import Testing

/// The tables in the program are those of the specification.
@Suite struct QuizSpecificationTests {
    /// Name and text of every fenced block `table NAME`, in order.
    private func specified() throws -> [(name: String, text: String)] {
        let page = try String(contentsOf: PackageRoot.url.appending(path: "docs/spec/quiz.md"), encoding: .utf8)
        return page.components(separatedBy: "\n```table ").dropFirst().map { block in
            let body = block.components(separatedBy: "\n```")[0]
            let lines = body.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(lines[0]), String(lines[1]))
        }
    }

    @Test func tablesAreThoseOfTheSpecification() throws {
        let specified = try specified()
        #expect(specified.map(\.name) == QuizTables.all.map(\.name))
        for (expected, made) in zip(specified, QuizTables.all) {
            #expect(Array(expected.text.utf8) == made.table.withUTF8Buffer { Array($0) }, "table \(made.name)")
        }
    }

    @Test func tablesArePlainTextWithoutRepeatedLines() {
        for (name, table) in QuizTables.all {
            let lines = QuizSupport.lines(table)
            #expect(Set(lines).count == lines.count, "table \(name)")
            #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } }, "table \(name)")
            #expect(lines.allSatisfy { !$0.isEmpty && !$0.hasSuffix("|") && !$0.hasPrefix("|") }, "table \(name)")
        }
    }

    @Test func wordsAreInOrderSoThatNoTwoSortAlike() {
        let words = QuizSupport.lines(QuizTables.words)
        #expect(words == words.sorted())
    }
}

extension QuizSupport {
    static func lines(_ table: StaticString) -> [String] {
        table.description.components(separatedBy: "\n")
    }
}
