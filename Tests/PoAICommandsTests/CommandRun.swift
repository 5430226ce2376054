import Foundation
import PoAICommands
import Testing

/// One command that was run in this process, with what it printed.
struct CommandRun {
    let code: Int32
    let output: String
    let error: String

    init(_ arguments: [String]) {
        let capture = CapturedOutput()
        code = Program.run(arguments, into: capture)
        (output, error) = (capture.output, capture.error)
    }

    init(_ arguments: String...) { self.init(arguments) }

    /// The one JSON object of the output, which must be one line.
    func json(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Any] {
        #expect(output.split(separator: "\n").count == 1 && output.hasSuffix("}\n"), sourceLocation: sourceLocation)
        return try #require(
            JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], sourceLocation: sourceLocation)
    }

    /// Expects that nothing was printed but one line of error, with all of `words` in it, and this exit code.
    func expectError(_ code: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        expectError(code, words, sourceLocation: sourceLocation)
    }

    /// The same with the words in a list.
    func expectError(_ code: Int32, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.code == code, sourceLocation: sourceLocation)
        #expect(output.isEmpty, sourceLocation: sourceLocation)
        #expect(error.hasPrefix("error: ") && error.count { $0 == "\n" } == 1, sourceLocation: sourceLocation)
        for word in words { #expect(error.contains(word), sourceLocation: sourceLocation) }
    }
}
