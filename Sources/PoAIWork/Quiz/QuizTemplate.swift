/// A question and its answer with gaps for values, made from a table line. docs/spec/quiz.md, section 4.
package struct QuizTemplate: Sendable {
    private enum Segment: Sendable {
        case text([UInt8])
        case gap(UInt8)
    }

    private let question: [Segment]
    private let answer: [Segment]

    /// The values that fill the gaps; each name is one letter.
    package typealias Values = [(name: Unicode.Scalar, value: [UInt8])]

    private init(question: [UInt8], answer: [UInt8]) {
        self.question = Self.segments(question)
        self.answer = Self.segments(answer)
    }

    /// One template per line of a table of two fields.
    package static func templates(_ table: StaticString) -> [QuizTemplate] {
        QuizTable.rows(table, fields: 2).map { QuizTemplate(question: $0[0], answer: $0[1]) }
    }

    /// The item of `family` with `values` in the gaps.
    package func item(_ family: QuizFamily, _ values: Values = []) -> QuizItem {
        QuizItem(
            family: family,
            question: Self.fill(question, values, after: [UInt8(ascii: "\n")]),
            answer: Self.fill(answer, values, after: []))
    }

    private static func fill(_ segments: [Segment], _ values: Values, after start: [UInt8]) -> [UInt8] {
        var bytes = start
        bytes.reserveCapacity(96)
        for segment in segments {
            switch segment {
            case .text(let text):
                bytes.append(contentsOf: text)
            case .gap(let name):
                for entry in values where entry.name.value == UInt32(name) {
                    bytes.append(contentsOf: entry.value)
                }
            }
        }
        return bytes
    }

    /// `{x}` becomes a gap, `\n` a newline, everything else stands for itself.
    private static func segments(_ field: [UInt8]) -> [Segment] {
        var segments: [Segment] = []
        var text: [UInt8] = []
        var at = 0
        while at < field.count {
            if field[at] == UInt8(ascii: "{"), at + 2 < field.count, field[at + 2] == UInt8(ascii: "}") {
                if !text.isEmpty { segments.append(.text(text)) }
                text = []
                segments.append(.gap(field[at + 1]))
                at += 3
            } else if field[at] == UInt8(ascii: "\\"), at + 1 < field.count, field[at + 1] == UInt8(ascii: "n") {
                text.append(UInt8(ascii: "\n"))
                at += 2
            } else {
                text.append(field[at])
                at += 1
            }
        }
        if !text.isEmpty { segments.append(.text(text)) }
        return segments
    }
}

/// Reads the tables of `QuizTables`: lines of fields separated by `|`.
package enum QuizTable {
    /// The fields of every line. A line with another number of fields than `fields` is a mistake in our own source,
    /// which stops the program when the tables are first used.
    package static func rows(_ table: StaticString, fields: Int) -> [[[UInt8]]] {
        let bytes = table.withUTF8Buffer { Array($0) }
        let rows = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map { Array($0) }
        }
        precondition(rows.allSatisfy { $0.count == fields }, "a quiz table has a line without \(fields) fields")
        return rows
    }

    /// The lines of a table of one field.
    package static func lines(_ table: StaticString) -> [[UInt8]] {
        rows(table, fields: 1).map { $0[0] }
    }
}
