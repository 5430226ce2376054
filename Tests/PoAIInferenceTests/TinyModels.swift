import PoAITestSupport

/// Small models of every weight type and of shapes that could be got wrong: the same bytes on every machine, which the
/// golden traces' SHA-256 shows.
enum TinyModels {
    static let names = ["q4_0", "q4_1", "q8_0", "f16", "f32", "wide-heads", "deep"]

    static func builder(_ name: String) -> GGUFBuilder {
        var shape = TinyLlama()
        switch name {
        case "q4_0": (shape.projection, shape.embedding, shape.seed) = (.q4_0, .q4_0, 2)
        case "q8_0": (shape.projection, shape.embedding, shape.seed) = (.q8_0, .f16, 3)
        case "f16": (shape.projection, shape.embedding, shape.output, shape.seed) = (.f16, .q4_1, .q8_0, 4)
        case "f32": (shape.projection, shape.embedding, shape.seed) = (.f32, .f32, 5)
        case "wide-heads":
            // Heads of 64, three to a key head; an output matrix of its own; a vocabulary that fills no group of 16.
            (shape.width, shape.feedForward, shape.heads, shape.kvHeads, shape.layers) = (192, 160, 3, 1, 1)
            (shape.projection, shape.embedding, shape.output, shape.seed) = (.q4_1, .q8_0, .q4_0, 6)
            shape.ropeBase = 100_000
        case "deep":
            (shape.width, shape.heads, shape.kvHeads, shape.layers, shape.seed) = (128, 4, 4, 5, 7)
            shape.rmsEpsilon = 1e-6
        default: break
        }
        var builder = shape.builder()
        if name == "wide-heads" { trim(&builder, vocabulary: 309) }
        return builder
    }

    static func bytes(_ name: String) -> [UInt8] { builder(name).file() }

    /// Leaves the first `vocabulary` rows of the embedding and the output matrix.
    private static func trim(_ builder: inout GGUFBuilder, vocabulary: Int) {
        builder.set("llama.vocab_size", .uint32(UInt32(vocabulary)))
        for index in builder.tensors.indices {
            guard ["token_embd.weight", "output.weight"].contains(builder.tensors[index].name) else { continue }
            let bytesPerRow = builder.tensors[index].data.count / Int(builder.tensors[index].dimensions[1])
            builder.tensors[index].data.removeLast(
                (Int(builder.tensors[index].dimensions[1]) - vocabulary) * bytesPerRow)
            builder.tensors[index].dimensions[1] = UInt64(vocabulary)
        }
    }
}
