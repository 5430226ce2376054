/// Finds tokens that are written out in a text, such as `<|im_end|>`, before anything else is done with it.
struct SpecialTokens: Sendable {
    /// A stretch of text, or a token found in it.
    enum Fragment {
        case text(Range<Int>)
        case token(UInt32)
    }

    private struct Entry {
        var id: UInt32
        var text: [UInt8]
        /// User-defined tokens are always found; control and unknown tokens only when asked for.
        var isAlwaysParsed: Bool
    }

    private let entries: [Entry]

    /// Collects the control, unknown and user-defined tokens. Longer ones are looked for first, of the same length the lower id.
    init(_ vocabulary: Vocabulary) {
        var entries: [Entry] = []
        for id in 0..<UInt32(vocabulary.count) {
            guard let kind = vocabulary.kind(of: id), kind != .normal, kind != .unused else { continue }
            let text = Array(vocabulary.bytes(of: id))
            guard !text.isEmpty else { continue }
            entries.append(Entry(id: id, text: text, isAlwaysParsed: kind == .userDefined))
        }
        self.entries = entries.sorted { ($1.text.count, $0.id) < ($0.text.count, $1.id) }
    }

    /// Splits `text`: each special token in turn is searched for in all stretches that are still text.
    func split(_ text: [UInt8], parseSpecial: Bool) -> [Fragment] {
        var fragments: [Fragment] = text.isEmpty ? [] : [.text(text.indices)]
        for entry in entries where parseSpecial || entry.isAlwaysParsed {
            guard Self.find(entry.text, in: text, text.indices) != nil else { continue }
            var split: [Fragment] = []
            for fragment in fragments {
                guard case .text(var range) = fragment else {
                    split.append(fragment)
                    continue
                }
                while let match = Self.find(entry.text, in: text, range) {
                    if match > range.lowerBound { split.append(.text(range.lowerBound..<match)) }
                    split.append(.token(entry.id))
                    range = (match + entry.text.count)..<range.upperBound
                }
                if !range.isEmpty { split.append(.text(range)) }
            }
            fragments = split
        }
        return fragments
    }

    /// The first place in `range` at which `needle` stands.
    private static func find(_ needle: [UInt8], in text: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.count >= needle.count else { return nil }
        for start in range.lowerBound...(range.upperBound - needle.count) where text[start] == needle[0] {
            if text[start..<(start + needle.count)].elementsEqual(needle) { return start }
        }
        return nil
    }
}
