import PoAIModel
import PoAITestSupport
import Testing

/// The meaning of the metadata, and the tensors against it.
@Suite struct LlamaConfigTests {
    private func open(_ change: (inout GGUFBuilder) -> Void = { _ in }) throws -> LlamaConfig {
        var builder = TinyLlama().builder()
        change(&builder)
        let scratch = ScratchFile(builder.file())
        return try LlamaConfig(gguf: GGUFFile(path: scratch.path))
    }

    private func fault(_ change: (inout GGUFBuilder) -> Void) -> GGUFError.Fault? {
        do {
            _ = try open(change)
            return nil
        } catch {
            return (error as? GGUFError)?.fault
        }
    }

    @Test func numbersAreThoseWritten() throws {
        let config = try open()
        #expect(config.layers == 2 && config.width == 64 && config.feedForward == 96)
        #expect(config.heads == 4 && config.kvHeads == 2 && config.headSize == 16 && config.kvWidth == 32)
        #expect(config.ropeBase == 10_000 && config.ropeDimensions == 16 && config.rmsEpsilon == 1e-5)
        #expect(config.vocabulary == 320 && config.contextLength == 256 && config.tiedEmbeddings)
    }

    @Test(arguments: TensorEncoding.allCases) func allTypesAndSeparateOutput(_ type: TensorEncoding) throws {
        var tiny = TinyLlama()
        tiny.projection = type
        tiny.embedding = type
        tiny.output = type
        let scratch = ScratchFile(tiny.file())
        let gguf = try GGUFFile(path: scratch.path)
        #expect(try LlamaConfig(gguf: gguf).tiedEmbeddings == false)
        #expect(gguf.tensor(named: "blk.1.ffn_down.weight")?.type.rawValue == type.rawValue)
    }

    @Test func defaultsOfAbsentKeys() throws {
        let config = try open {
            for key in ["llama.attention.head_count_kv", "llama.rope.freq_base", "llama.rope.dimension_count"] {
                $0.remove(key)
            }
            $0.remove("llama.vocab_size")
            for layer in 0..<2 {
                for part in ["attn_k", "attn_v"] {
                    let index = $0.tensors.firstIndex { $0.name == "blk.\(layer).\(part).weight" }
                    guard let index else { return }
                    $0.tensors[index].dimensions = [64, 64]
                    $0.tensors[index].data += $0.tensors[index].data
                }
            }
        }
        #expect(config.kvHeads == 4 && config.ropeBase == 10_000 && config.ropeDimensions == 16)
    }

    @Test func valuesThatMeanNothingPass() throws {
        _ = try open {
            $0.set("llama.expert_count", .uint32(0))
            $0.set("llama.rope.scaling.type", .string("none"))
            $0.set("llama.attention.key_length", .uint32(16))
            $0.set("other.key", .uint32(5))
        }
    }

    @Test func otherArchitecture() {
        #expect(
            fault { $0.set("general.architecture", .string("qwen2")) } == .unsupportedArchitecture(got: "qwen2"))
        #expect(fault { $0.remove("general.architecture") } == .missingKey("general.architecture"))
    }

    @Test(arguments: [
        ("llama.rope.scaling.type", GGUFBuilder.Value.string("yarn")), ("llama.rope.scaling.factor", .float32(2)),
        ("llama.expert_count", .uint32(8)), ("llama.attention.sliding_window", .uint32(512)),
        ("llama.logit_scale", .float32(8)), ("llama.attention.causal", .bool(false)),
    ])
    func featureIsRefusedByName(key: String, value: GGUFBuilder.Value) {
        #expect(fault { $0.set(key, value) } == .unsupportedFeature(name: key))
    }

    @Test func unexpectedTensorIsRefusedByName() {
        for name in ["blk.0.attn_q.bias", "rope_freqs.weight", "blk.2.attn_norm.weight"] {
            let extra = GGUFBuilder.Tensor(
                name: name, type: 0, dimensions: [64], data: [UInt8](repeating: 0, count: 256))
            #expect(fault { $0.tensors.append(extra) } == .unsupportedFeature(name: "tensor \(name)"))
        }
    }

    @Test func everyTensorIsNeededAndHasItsShape() {
        for (index, tensor) in TinyLlama().builder().tensors.enumerated() {
            #expect(fault { $0.tensors.remove(at: index) } == .missingTensor(tensor.name))
            let got = tensor.dimensions.map { Int($0) }
            #expect(
                fault {
                    $0.tensors[index].dimensions = tensor.dimensions + [1]
                }
                    == (tensor.name == "token_embd.weight"
                        ? .badValue(key: "llama.vocab_size", got: "320", expected: "1")
                        : .wrongShape(tensor: tensor.name, got: got + [1], expected: got)))
        }
    }

    @Test func normsAreF32() {
        #expect(
            fault {
                guard let index = $0.tensors.firstIndex(where: { $0.name == "output_norm.weight" }) else { return }
                $0.tensors[index].type = 1
                $0.tensors[index].data = [UInt8](repeating: 0, count: 128)
            } == .wrongTensorType(tensor: "output_norm.weight", got: .f16, expected: "F32"))
    }

    @Test(arguments: [
        ("llama.block_count", 0, "1 to 1024"), ("llama.block_count", 1025, "1 to 1024"),
        ("llama.embedding_length", 0, "1 to 65536"), ("llama.feed_forward_length", 0, "1 to 262144"),
        ("llama.attention.head_count", 0, "1 to 4096"), ("llama.attention.head_count", 5, "a divisor of 64"),
        ("llama.attention.head_count", 64, "an even head size"), ("llama.attention.head_count_kv", 3, "a divisor of 4"),
        ("llama.attention.head_count_kv", 0, "1 to 4096"), ("llama.attention.key_length", 32, "16"),
        ("llama.rope.dimension_count", 18, "even, at most 16"), ("llama.rope.dimension_count", 3, "even, at most 16"),
        ("llama.vocab_size", 321, "320"), ("llama.context_length", 0, "1 to 16777216"),
    ])
    func absurdNumberIsNamed(key: String, value: UInt32, expected: String) {
        guard case .badValue(let named, let got, expected)? = fault({ $0.set(key, .uint32(value)) }) else {
            Issue.record("\(key) = \(value) gave another result")
            return
        }
        #expect(named == key || expected == "an even head size")
        #expect(got == "\(value)" || expected == "an even head size")
    }

    @Test(arguments: [Float.nan, .infinity, 0, -1]) func absurdFloatsAreNamed(_ value: Float) {
        let base = "llama.rope.freq_base"
        #expect(
            fault { $0.set(base, .float32(value)) }
                == .badValue(key: base, got: value.description, expected: "at least 1"))
        let epsilon = "llama.attention.layer_norm_rms_epsilon"
        #expect(
            fault { $0.set(epsilon, .float32(value)) }
                == .badValue(key: epsilon, got: value.description, expected: "between 0 and 1"))
    }
}
