/// Which two neighbours may be merged, into what, and in which order: pair of ids → rank and merged id.
package struct MergeTable: Sendable {
    /// A merge: the lower its rank, the earlier it is done.
    struct Merge: Sendable {
        /// Place in the list of merges; `.max` for pairs that do not merge.
        var rank: UInt32
        /// Id of the merged token.
        var merged: UInt32
        /// No merge.
        static let none = Merge(rank: .max, merged: .max)
    }

    /// Open addressing with linear probing; a free slot has rank `.max`.
    private var keys: [UInt64]
    private var merges: [Merge]
    private let shift: UInt64

    /// Reads `tokenizer.ggml.merges`: strings of two parts with a space between. Both parts and their union must be tokens.
    package init(gguf: GGUFFile, vocabulary: Vocabulary) throws(GGUFError) {
        let list = try gguf.metadata.array("tokenizer.ggml.merges")
        guard list.count <= Vocabulary.maximumCount else {
            throw gguf.error(.badVocabulary("\(list.count) merges, expected at most \(Vocabulary.maximumCount)"))
        }
        var bits: UInt64 = 4
        while 1 << bits < list.count * 2 { bits += 1 }
        shift = 64 - bits
        keys = [UInt64](repeating: 0, count: 1 << bits)
        merges = [Merge](repeating: .none, count: 1 << bits)

        var parts: [UInt8] = []
        try list.forEachString { (rank, text) throws(GGUFError) in
            parts.removeAll(keepingCapacity: true)
            guard let space = text.dropFirst().firstIndex(of: UInt8(ascii: " ")),
                ByteAlphabet.decode(text[..<space], into: &parts)
            else { throw gguf.error(.badVocabulary("merge \(rank) is not two parts with a space between")) }
            let middle = parts.count
            guard ByteAlphabet.decode(text[(space + 1)...], into: &parts),
                let left = vocabulary.id(of: parts[..<middle]),
                let right = vocabulary.id(of: parts[middle...]), let merged = vocabulary.id(of: parts[...])
            else { throw gguf.error(.badVocabulary("merge \(rank) has parts that are not tokens")) }
            insert(left, right, Merge(rank: UInt32(rank), merged: merged))
        }
    }

    /// The merge of two neighbours, or `.none`.
    @inline(__always)
    func merge(_ left: UInt32, _ right: UInt32) -> Merge {
        let key = Self.key(left, right)
        var slot = firstSlot(key)
        while merges[slot].rank != .max {
            if keys[slot] == key { return merges[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        return .none
    }

    /// Enters a merge; of two for the same pair the first counts.
    private mutating func insert(_ left: UInt32, _ right: UInt32, _ merge: Merge) {
        let key = Self.key(left, right)
        var slot = firstSlot(key)
        while merges[slot].rank != .max {
            if keys[slot] == key { return }
            slot = (slot + 1) & (keys.count - 1)
        }
        keys[slot] = key
        merges[slot] = merge
    }

    private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    @inline(__always)
    private func firstSlot(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift) }
}
