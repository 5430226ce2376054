extension LlamaConfig {
    /// The tensors of one block and their dimensions, row length first, by the part of their name between `blk.N.` and
    /// `.weight`.
    package var blockShapes: [(part: String, dimensions: [Int])] {
        [
            ("attn_norm", [width]), ("attn_q", [width, width]), ("attn_k", [width, kvWidth]),
            ("attn_v", [width, kvWidth]), ("attn_output", [width, width]), ("ffn_norm", [width]),
            ("ffn_gate", [width, feedForward]), ("ffn_up", [width, feedForward]), ("ffn_down", [feedForward, width]),
        ]
    }

    /// Each tensor that must be there has its shape; norms are F32; no other tensor is there.
    func checkTensors(_ gguf: GGUFFile) throws(GGUFError) {
        var expected: [(name: String, dimensions: [Int])] = [
            ("token_embd.weight", [width, vocabulary]), ("output_norm.weight", [width]),
        ]
        if !tiedEmbeddings { expected.append(("output.weight", [width, vocabulary])) }
        for layer in 0..<layers {
            for shape in blockShapes { expected.append(("blk.\(layer).\(shape.part).weight", shape.dimensions)) }
        }

        for (name, dimensions) in expected {
            guard let tensor = gguf.tensor(named: name) else { throw gguf.error(.missingTensor(name)) }
            guard tensor.dimensions == dimensions else {
                throw gguf.error(.wrongShape(tensor: name, got: tensor.dimensions, expected: dimensions))
            }
            guard dimensions.count > 1 || tensor.type == .f32 else {
                throw gguf.error(.wrongTensorType(tensor: name, got: tensor.type, expected: "F32"))
            }
        }
        guard gguf.tensors.count == expected.count else {
            let names = Set(expected.map(\.name))
            let extra = gguf.tensors.first { !names.contains($0.name) }?.name ?? "an unknown tensor"
            throw gguf.error(.unsupportedFeature(name: "tensor \(extra)"))
        }
    }
}
