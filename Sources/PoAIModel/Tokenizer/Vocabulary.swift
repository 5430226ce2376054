/// The tokens of a byte-level BPE vocabulary: the bytes each stands for, its kind, and the way back from bytes to id.
package struct Vocabulary: Sendable {
    /// GGUF's token types. Raw values are those of `tokenizer.ggml.token_type`.
    enum Kind: UInt8, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
    }

    /// Tokens are refused above this number.
    static let maximumCount = 4_194_304

    private var storage: [UInt8] = []
    private var ends: [Int] = []
    private var kinds: [Kind] = []
    /// Open addressing with linear probing; id + 1, or 0 for a free slot.
    private var slots: [UInt32] = []

    /// Reads `tokenizer.ggml.tokens` and `tokenizer.ggml.token_type` (all normal when absent).
    package init(gguf: GGUFFile) throws(GGUFError) {
        let tokens = try gguf.metadata.array("tokenizer.ggml.tokens")
        guard (1...Self.maximumCount).contains(tokens.count) else {
            throw gguf.error(.badVocabulary("\(tokens.count) tokens, expected 1 to \(Self.maximumCount)"))
        }
        try readKinds(gguf, count: tokens.count)

        var capacity = 16
        while capacity < tokens.count * 2 { capacity *= 2 }
        slots = [UInt32](repeating: 0, count: capacity)
        ends.reserveCapacity(tokens.count)
        storage.reserveCapacity(tokens.count * 7)
        try tokens.forEachString { (id, text) throws(GGUFError) in
            let start = storage.count
            let isWord = kinds[id] == .normal || kinds[id] == .unused
            // Other tokens are matched and shown as they are written; so are words that are not in the byte alphabet.
            let isKey = ByteAlphabet.decode(text, into: &storage) && (isWord || storage[start...].elementsEqual(text))
            if !isKey { storage.replaceSubrange(start..., with: text) }
            ends.append(storage.count)
            guard isKey, storage.count > start else { return }
            guard insert(id: id, bytes: storage[start...]) else {
                throw gguf.error(.duplicate(thing: "token", name: "\(id)"))
            }
        }
    }

    private mutating func readKinds(_ gguf: GGUFFile, count: Int) throws(GGUFError) {
        let key = "tokenizer.ggml.token_type"
        guard gguf.metadata.value(key) != nil else {
            kinds = [Kind](repeating: .normal, count: count)
            return
        }
        let numbers = try gguf.metadata.array(key).integers()
        guard numbers.count == count else {
            throw gguf.error(.badVocabulary("\(numbers.count) token types for \(count) tokens"))
        }
        kinds.reserveCapacity(count)
        for (id, number) in numbers.enumerated() {
            guard let kind = UInt8(exactly: number).flatMap(Kind.init) else {
                throw gguf.error(.badVocabulary("token \(id) has type \(number), expected 1 to 5"))
            }
            kinds.append(kind)
        }
    }

    /// Number of tokens.
    var count: Int { ends.count }

    /// The bytes of a token; empty for an id that does not exist.
    func bytes(of id: UInt32) -> ArraySlice<UInt8> {
        guard id < ends.count else { return [] }
        return storage[(id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)]]
    }

    /// The kind of a token; nil for an id that does not exist.
    func kind(of id: UInt32) -> Kind? { id < kinds.count ? kinds[Int(id)] : nil }

    /// The token with exactly these bytes.
    func id(of bytes: ArraySlice<UInt8>) -> UInt32? {
        var slot = firstSlot(bytes)
        while slots[slot] != 0 {
            let id = slots[slot] - 1
            if self.bytes(of: id).elementsEqual(bytes) { return id }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Enters a token; false when its bytes are there already.
    private mutating func insert(id: Int, bytes: ArraySlice<UInt8>) -> Bool {
        var slot = firstSlot(bytes)
        while slots[slot] != 0 {
            if self.bytes(of: slots[slot] - 1).elementsEqual(bytes) { return false }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = UInt32(id) + 1
        return true
    }

    /// FNV-1a, with its better mixed upper half folded down.
    private func firstSlot(_ bytes: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
    }
}
