/// The shape of a llama model, read from GGUF metadata and checked against every tensor of the file.
public struct LlamaConfig: Sendable, Hashable {
    /// Transformer blocks (`block_count`), 1 to 1024.
    public let layers: Int
    /// Length of a hidden state (`embedding_length`).
    public let width: Int
    /// Length of the gated inner layer (`feed_forward_length`).
    public let feedForward: Int
    /// Query heads; they divide `width`.
    public let heads: Int
    /// Key and value heads; they divide `heads`.
    public let kvHeads: Int
    /// Elements per head: `width / heads`, even.
    public let headSize: Int
    /// Base of the rotary angles, for example 100000.
    public let ropeBase: Float
    /// Leading elements of a head that are rotated; even, at most `headSize`.
    public let ropeDimensions: Int
    /// Added to the mean square in RMS norms.
    public let rmsEpsilon: Float
    /// Number of tokens.
    public let vocabulary: Int
    /// Positions the model was trained for.
    public let contextLength: Int
    /// True when the output projection is the embedding table.
    public let tiedEmbeddings: Bool

    /// Elements of all key (or value) heads.
    public var kvWidth: Int { kvHeads * headSize }

    /// Reads and checks the model of `gguf`.
    ///
    /// - Throws: for another architecture, a missing or absurd number, a feature that this engine does not compute (each
    ///   unknown `llama.*` key and each unexpected tensor is refused by name), a missing tensor or a wrong shape.
    public init(gguf: GGUFFile) throws(GGUFError) {
        let architecture = try gguf.metadata.string("general.architecture")
        guard architecture == "llama" else { throw gguf.error(.unsupportedArchitecture(got: architecture)) }
        try Self.refuseUnknownFeatures(gguf)

        layers = try Self.size("llama.block_count", gguf, 1...1024)
        width = try Self.size("llama.embedding_length", gguf, 1...65_536)
        feedForward = try Self.size("llama.feed_forward_length", gguf, 1...262_144)
        contextLength = try Self.size("llama.context_length", gguf, 1...16_777_216)
        heads = try Self.size("llama.attention.head_count", gguf, 1...4096)
        kvHeads = try Self.size("llama.attention.head_count_kv", gguf, 1...4096, absent: heads)
        try Self.require(width % heads == 0, "llama.attention.head_count", heads, "a divisor of \(width)", gguf)
        try Self.require(heads % kvHeads == 0, "llama.attention.head_count_kv", kvHeads, "a divisor of \(heads)", gguf)

        headSize = width / heads
        try Self.require(headSize % 2 == 0, "llama.embedding_length", width, "an even head size", gguf)
        for key in ["llama.attention.key_length", "llama.attention.value_length"] {
            let length = try Self.size(key, gguf, 1...65_536, absent: headSize)
            try Self.require(length == headSize, key, length, "\(headSize)", gguf)
        }
        let ropeKey = "llama.rope.dimension_count"
        ropeDimensions = try Self.size(ropeKey, gguf, 2...65_536, absent: headSize)
        try Self.require(
            ropeDimensions % 2 == 0 && ropeDimensions <= headSize, ropeKey, ropeDimensions, "even, at most \(headSize)",
            gguf)

        ropeBase = try gguf.metadata.floatIfPresent("llama.rope.freq_base") ?? 10_000
        try Self.require(ropeBase.isFinite && ropeBase >= 1, "llama.rope.freq_base", ropeBase, "at least 1", gguf)
        let epsilonKey = "llama.attention.layer_norm_rms_epsilon"
        rmsEpsilon = try gguf.metadata.float(epsilonKey)
        try Self.require(rmsEpsilon > 0 && rmsEpsilon < 1, epsilonKey, rmsEpsilon, "between 0 and 1", gguf)

        guard let embedding = gguf.tensor(named: "token_embd.weight") else {
            throw gguf.error(.missingTensor("token_embd.weight"))
        }
        vocabulary = embedding.dimensions.last ?? 0
        try Self.require((1...4_194_304).contains(vocabulary), "token_embd.weight", vocabulary, "1 to 4194304", gguf)
        let announced = try Self.size("llama.vocab_size", gguf, 1...4_194_304, absent: vocabulary)
        try Self.require(announced == vocabulary, "llama.vocab_size", announced, "\(vocabulary)", gguf)

        tiedEmbeddings = gguf.tensor(named: "output.weight") == nil
        try checkTensors(gguf)
    }
}

extension LlamaConfig {
    /// Keys that are read above, and keys that do not change the result.
    private static let knownKeys: Set<String> = [
        "llama.block_count", "llama.context_length", "llama.embedding_length", "llama.feed_forward_length",
        "llama.attention.head_count", "llama.attention.head_count_kv", "llama.attention.key_length",
        "llama.attention.value_length", "llama.attention.layer_norm_rms_epsilon", "llama.rope.freq_base",
        "llama.rope.dimension_count", "llama.vocab_size",
    ]

    /// A key that is not understood may change what the model computes, so it is refused. Explicit "off" values pass.
    private static func refuseUnknownFeatures(_ gguf: GGUFFile) throws(GGUFError) {
        for key in gguf.metadata.keys where key.hasPrefix("llama.") && !knownKeys.contains(key) {
            switch (key, gguf.metadata.value(key)) {
            case ("llama.expert_count", .unsigned(0)), ("llama.expert_used_count", .unsigned(0)): continue
            case ("llama.rope.scaling.type", .string(let bytes)) where bytes == Array("none".utf8): continue
            case ("llama.rope.scaling.factor", .float(1)), ("llama.rope.scale_linear", .float(1)): continue
            case ("llama.use_parallel_residual", .bool(false)), ("llama.attention.causal", .bool(true)): continue
            default: throw gguf.error(.unsupportedFeature(name: key))
            }
        }
    }

    private static func size(
        _ key: String, _ gguf: GGUFFile, _ range: ClosedRange<UInt64>, absent: Int? = nil
    ) throws(GGUFError) -> Int {
        guard let value = try gguf.metadata.unsignedIfPresent(key) else {
            guard let absent else { throw gguf.error(.missingKey(key)) }
            return absent
        }
        try require(
            range.contains(value), key, value, "\(range.lowerBound) to \(range.upperBound)", gguf)
        return Int(value)
    }

    private static func require(
        _ condition: Bool, _ key: String, _ got: some CustomStringConvertible, _ expected: String, _ gguf: GGUFFile
    ) throws(GGUFError) {
        guard condition else { throw gguf.error(.badValue(key: key, got: got.description, expected: expected)) }
    }
}
