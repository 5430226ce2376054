/// A small llama model with weights drawn from a seed and a `TinyVocabulary`, as a GGUF file.
public struct TinyLlama: Sendable {
    /// Chooses the weights.
    public var seed: UInt64 = 1
    /// Transformer blocks.
    public var layers = 2
    /// Length of a hidden state; a multiple of 32 so that all block types fit.
    public var width = 64
    /// Length of the gated inner layer; a multiple of 32.
    public var feedForward = 96
    /// Query heads.
    public var heads = 4
    /// Key and value heads.
    public var kvHeads = 2
    /// `llama.context_length`.
    public var contextLength = 256
    /// `llama.rope.freq_base`.
    public var ropeBase: Float = 10_000
    /// `llama.attention.layer_norm_rms_epsilon`.
    public var rmsEpsilon: Float = 1e-5
    /// Type of the seven matrices of each block.
    public var projection = TensorEncoding.q4_1
    /// Type of the embedding table.
    public var embedding = TensorEncoding.q8_0
    /// Type of a separate output matrix; nil ties it to the embedding table.
    public var output: TensorEncoding?

    /// The default shape.
    public init() {}

    /// The file's parts, to be changed before writing.
    public func builder() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("general.architecture", .string("llama"))
        builder.set("general.name", .string("tiny test model"))
        builder.set("llama.block_count", .uint32(UInt32(layers)))
        builder.set("llama.context_length", .uint32(UInt32(contextLength)))
        builder.set("llama.embedding_length", .uint32(UInt32(width)))
        builder.set("llama.feed_forward_length", .uint32(UInt32(feedForward)))
        builder.set("llama.attention.head_count", .uint32(UInt32(heads)))
        builder.set("llama.attention.head_count_kv", .uint32(UInt32(kvHeads)))
        builder.set("llama.rope.freq_base", .float32(ropeBase))
        builder.set("llama.rope.dimension_count", .uint32(UInt32(width / heads)))
        builder.set("llama.attention.layer_norm_rms_epsilon", .float32(rmsEpsilon))
        builder.set("llama.vocab_size", .uint32(UInt32(TinyVocabulary.tokens.count)))
        TinyVocabulary.write(to: &builder)
        appendTensors(to: &builder)
        return builder
    }

    /// The file's bytes.
    public func file() -> [UInt8] { builder().file() }

    private func appendTensors(to builder: inout GGUFBuilder) {
        var random = DeterministicRandom(seed: seed)
        let vocabulary = TinyVocabulary.tokens.count
        let kvWidth = width / heads * kvHeads

        func matrix(_ name: String, _ encoding: TensorEncoding, row: Int, rows: Int) {
            let scale = (3 / Float(row)).squareRoot()
            let values = (0..<(row * rows)).map { _ in random.unit() * scale }
            builder.tensors.append(
                .init(
                    name: "\(name).weight", type: encoding.rawValue, dimensions: [UInt64(row), UInt64(rows)],
                    data: encoding.encode(values)))
        }
        func norm(_ name: String) {
            let values = (0..<width).map { _ in 1 + random.unit() * 0.5 }
            builder.tensors.append(
                .init(
                    name: "\(name).weight", type: TensorEncoding.f32.rawValue, dimensions: [UInt64(width)],
                    data: TensorEncoding.f32.encode(values)))
        }

        matrix("token_embd", embedding, row: width, rows: vocabulary)
        for layer in 0..<layers {
            norm("blk.\(layer).attn_norm")
            matrix("blk.\(layer).ffn_down", projection, row: feedForward, rows: width)
            matrix("blk.\(layer).ffn_gate", projection, row: width, rows: feedForward)
            matrix("blk.\(layer).ffn_up", projection, row: width, rows: feedForward)
            norm("blk.\(layer).ffn_norm")
            matrix("blk.\(layer).attn_k", projection, row: width, rows: kvWidth)
            matrix("blk.\(layer).attn_output", projection, row: width, rows: width)
            matrix("blk.\(layer).attn_q", projection, row: width, rows: width)
            matrix("blk.\(layer).attn_v", projection, row: width, rows: kvWidth)
        }
        norm("output_norm")
        if let output { matrix("output", output, row: width, rows: vocabulary) }
    }
}
