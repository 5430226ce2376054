/// Bytes of numbers and lists, as quizzes write them. docs/spec/quiz.md, section 4.
enum QuizText {
    /// Decimal digits without leading zeros.
    static func decimal(_ number: UInt64) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = number
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        digits.reverse()
        return digits
    }

    /// The elements joined by a comma and a space.
    static func list(_ elements: some Sequence<[UInt8]>) -> [UInt8] {
        Array(elements.joined(separator: [UInt8(ascii: ","), UInt8(ascii: " ")]))
    }

    /// The numbers joined by a comma and a space.
    static func list(_ numbers: some Sequence<UInt64>) -> [UInt8] {
        list(numbers.map(decimal))
    }

    /// The `index`-th capital letter, 0...25.
    static func letter(_ index: UInt64) -> [UInt8] {
        [UInt8(ascii: "A") &+ UInt8(truncatingIfNeeded: index)]
    }

    /// The bytes of a literal.
    static func bytes(_ literal: StaticString) -> [UInt8] {
        literal.withUTF8Buffer { Array($0) }
    }
}
