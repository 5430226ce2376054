extension TinyLlama {
    /// A complete model in about six kilobytes: one block of width 32 and ten tokens. For tests that change every byte.
    public static func smallest() -> GGUFBuilder {
        var tiny = TinyLlama()
        tiny.layers = 1
        tiny.width = 32
        tiny.feedForward = 32
        tiny.heads = 1
        tiny.kvHeads = 1
        var builder = tiny.builder()

        let tokens = TinyVocabulary.control + ["a", "b", "Ġ", "1", "ab", "Ġa", "Ġab"]
        builder.set("llama.vocab_size", .uint32(UInt32(tokens.count)))
        builder.set("tokenizer.ggml.tokens", .strings(tokens.map { Array($0.utf8) }))
        builder.set("tokenizer.ggml.token_type", .int32s([3, 3, 3, 1, 1, 1, 1, 1, 1, 1]))
        builder.set("tokenizer.ggml.merges", .strings(["a b", "Ġ a", "Ġ ab"].map { Array($0.utf8) }))
        if let table = builder.tensors.firstIndex(where: { $0.name == "token_embd.weight" }) {
            builder.tensors[table].dimensions = [32, UInt64(tokens.count)]
            builder.tensors[table].data = Array(builder.tensors[table].data.prefix(tokens.count * 34))
        }
        return builder
    }
}
