/// Byte-level BPE (GGUF tokenizer model `gpt2`) with the pre-tokenizer `smollm`. Gives the ids that llama.cpp gives.
///
/// Everything is done on bytes: no `String` or `Character`, whose notion of equality is not that of bytes, is compared.
public struct BytePairTokenizer: Sendable {
    /// The token that starts a text, if the model has one.
    public let bos: UInt32?
    /// The token that ends a text or a turn, if the model has one.
    public let eos: UInt32?
    /// Whether the model wants `bos` in front of a text. `encode` does not add it.
    public let addsBOS: Bool

    private let vocabulary: Vocabulary
    private let specialTokens: SpecialTokens
    private let merger: BytePairMerger
    /// The token of each single byte; `.max` for bytes without one.
    private let byteTokens: [UInt32]

    /// Reads the tokenizer from the metadata. Typical cost: ten milliseconds for 49,152 tokens.
    ///
    /// - Throws: for another tokenizer model or pre-tokenizer, and for a vocabulary with duplicates, with merges whose parts are
    ///   not tokens, or of another size than the model's embedding table.
    public init(gguf: GGUFFile) throws(GGUFError) {
        try Self.require("tokenizer.ggml.model", "gpt2", gguf)
        try Self.require("tokenizer.ggml.pre", "smollm", gguf)

        vocabulary = try Vocabulary(gguf: gguf)
        if let rows = gguf.tensor(named: "token_embd.weight")?.dimensions.last, rows != vocabulary.count {
            throw gguf.error(.badVocabulary("\(vocabulary.count) tokens, but token_embd.weight has \(rows) rows"))
        }
        merger = BytePairMerger(table: try MergeTable(gguf: gguf, vocabulary: vocabulary))
        specialTokens = SpecialTokens(vocabulary)
        byteTokens = (UInt8.min...UInt8.max).map { [vocabulary] in vocabulary.id(of: [$0]) ?? .max }

        bos = try Self.tokenID("tokenizer.ggml.bos_token_id", gguf, vocabulary)
        eos = try Self.tokenID("tokenizer.ggml.eos_token_id", gguf, vocabulary)
        addsBOS = try gguf.metadata.boolIfPresent("tokenizer.ggml.add_bos_token") ?? false
    }

    private static func require(_ key: String, _ expected: String, _ gguf: GGUFFile) throws(GGUFError) {
        let got = try gguf.metadata.string(key)
        guard got == expected else { throw gguf.error(.badValue(key: key, got: got, expected: expected)) }
    }

    private static func tokenID(
        _ key: String, _ gguf: GGUFFile, _ vocabulary: Vocabulary
    ) throws(GGUFError) -> UInt32? {
        guard let value = try gguf.metadata.unsignedIfPresent(key) else { return nil }
        guard value < UInt64(vocabulary.count) else {
            throw gguf.error(.badValue(key: key, got: "\(value)", expected: "below \(vocabulary.count)"))
        }
        return UInt32(value)
    }
}

extension BytePairTokenizer {
    /// Number of tokens; ids are below it.
    public var vocabularySize: Int { vocabulary.count }

    /// Whether `id` is a normal token: one that stands for text, neither control, unknown, user-defined nor unused.
    public func isOrdinary(_ id: UInt32) -> Bool { vocabulary.kind(of: id) == .normal }

    /// The bytes a token stands for: often part of a character. A control token gives its text; an id that does not exist,
    /// nothing.
    public func bytes(of id: UInt32) -> [UInt8] { Array(vocabulary.bytes(of: id)) }

    /// The bytes of all tokens one after the other.
    public func decode(_ ids: [UInt32]) -> [UInt8] {
        var result: [UInt8] = []
        for id in ids { result.append(contentsOf: vocabulary.bytes(of: id)) }
        return result
    }

    /// The ids of a text. Nothing is put in front of or behind it.
    ///
    /// Input that is not UTF-8 gives the tokens of U+FFFD for each invalid byte (see `DecodedText`). Bytes for which the
    /// vocabulary has no token are left out, as llama.cpp does (in SmolLM2: 04, 06, 13, 14, 16, 1D, the bytes that never appear in
    /// UTF-8, and the lead bytes F1 and F2 of unassigned planes); everything else comes back from `decode` as it was.
    ///
    /// - Parameter parseSpecial: whether control tokens written in the text, such as `<|im_end|>`, become those tokens. Leave
    ///   it off for text from outside.
    public func encode(_ text: [UInt8], parseSpecial: Bool = false) -> [UInt32] {
        var ids: [UInt32] = []
        for fragment in specialTokens.split(text, parseSpecial: parseSpecial) {
            switch fragment {
            case .token(let id): ids.append(id)
            case .text(let range): encodeText(text[range], into: &ids)
            }
        }
        return ids
    }

    /// The ids of a string's UTF-8.
    public func encode(_ text: String, parseSpecial: Bool = false) -> [UInt32] {
        encode(Array(text.utf8), parseSpecial: parseSpecial)
    }

    private func encodeText(_ text: ArraySlice<UInt8>, into ids: inout [UInt32]) {
        let decoded = DecodedText(text)
        let bytes = decoded.bytes
        let units = decoded.units
        var word: [UInt32] = []
        PreTokenizer(units: units).forEachWord { range in
            let end = range.upperBound < units.count ? units[range.upperBound].offset : bytes.count
            word.removeAll(keepingCapacity: true)
            for byte in bytes[units[range.lowerBound].offset..<end] { word.append(byteTokens[Int(byte)]) }
            merger.merge(&word)
            for id in word where id != .max { ids.append(id) }
        }
    }
}
