/// Splits text into the words that merges never cross: the pre-tokenizer `smollm`.
///
/// It applies two patterns one after the other, as llama.cpp does (`LLAMA_VOCAB_PRE_TYPE_SMOLLM`):
/// 1. `\p{N}`: every number code point becomes a piece of its own, and so does each stretch between them;
/// 2. within each piece GPT-2's pattern
///    `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
///
/// As the second pattern sees one piece at a time, a space before a digit is never joined to it, and white space at the end of a
/// piece is not followed by anything.
package struct PreTokenizer {
    let units: [DecodedText.Unit]

    package init(units: [DecodedText.Unit]) { self.units = units }

    /// Calls `body` with the range of units of each word in order.
    package func forEachWord(_ body: (Range<Int>) -> Void) {
        var start = 0
        for index in units.indices where units[index].unicodeClass == .number {
            splitPiece(start..<index, body)
            body(index..<(index + 1))
            start = index + 1
        }
        splitPiece(start..<units.count, body)
    }

    /// GPT-2's pattern on a piece without numbers.
    private func splitPiece(_ piece: Range<Int>, _ body: (Range<Int>) -> Void) {
        var position = piece.lowerBound
        while position < piece.upperBound {
            let end = endOfWord(at: position, in: piece)
            body(position..<end)
            position = end
        }
    }

    private func unicodeClass(_ index: Int, _ piece: Range<Int>) -> UnicodeClass {
        index < piece.upperBound ? units[index].unicodeClass : .none
    }

    private func ascii(_ index: Int, _ piece: Range<Int>) -> UInt8 {
        index < piece.upperBound ? units[index].ascii : 0xFF
    }

    /// Where the word that starts at `start` ends; always behind `start`.
    private func endOfWord(at start: Int, in piece: Range<Int>) -> Int {
        if let end = endOfContraction(at: start, in: piece) { return end }

        let afterSpace = units[start].ascii == UInt8(ascii: " ") ? start + 1 : start
        let first = unicodeClass(afterSpace, piece)
        if first == .letter || first == .other {
            var end = afterSpace + 1
            while unicodeClass(end, piece) == first { end += 1 }
            return end
        }

        var end = start
        while unicodeClass(end, piece) == .whitespace { end += 1 }
        // The last white space before something else is left to it.
        if end - start > 1 && end < piece.upperBound { return end - 1 }
        return max(end, start + 1)
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`, lower case only.
    private func endOfContraction(at start: Int, in piece: Range<Int>) -> Int? {
        guard units[start].ascii == UInt8(ascii: "'") else { return nil }
        switch (ascii(start + 1, piece), ascii(start + 2, piece)) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
            return start + 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default: return nil
        }
    }
}
