import PoAIInference
import PoAIModel
import PoAITestSupport
import Testing

/// Models that must be refused, each by the name of what is wrong.
@Suite struct ModelFaultTests {
    private static func builder(_ name: String, _ change: (inout GGUFBuilder.Tensor) -> Void) -> GGUFBuilder {
        var builder = TinyModels.builder("q4_1")
        for index in builder.tensors.indices where builder.tensors[index].name == name {
            change(&builder.tensors[index])
        }
        return builder
    }

    @Test(arguments: [
        "token_embd.weight", "blk.0.attn_q.weight", "blk.1.ffn_down.weight", "output_norm.weight",
        "blk.1.attn_norm.weight",
    ]) func numbersThatAreNotFinite(name: String) throws {
        // For the norms an f32, for the others the f16 scale of the last block (its layout differs by type).
        for isNaN in [false, true] {
            let builder = Self.builder(name) { tensor in
                let end = tensor.data.count
                switch tensor.type {
                case 0: tensor.data.replaceSubrange(0..<4, with: isNaN ? [1, 0, 0xC0, 0x7F] : [0, 0, 0x80, 0xFF])
                case 3: tensor.data.replaceSubrange((end - 20)..<(end - 18), with: [0, isNaN ? 0xFE : 0x7C])
                default: tensor.data.replaceSubrange((end - 34)..<(end - 32), with: [0, isNaN ? 0x7E : 0xFC])
                }
            }
            let error = #expect(throws: ModelError.self) { _ = try model(builder.file()) }
            #expect(error == .notFinite(tensor: name))
            #expect(error?.description.contains(name) == true)
        }
    }

    /// K-quants and others are refused by name until the contract has a formula for them.
    @Test(arguments: [GGMLType.q4_K, .q6_K, .q5_0, .bf16, .iq4_nl, .q8_K])
    func typesWithoutAFormula(type: GGMLType) throws {
        // Rows of 256 so that every block size fits.
        var shape = TinyLlama()
        (shape.width, shape.heads, shape.layers) = (256, 4, 1)
        var builder = shape.builder()
        let index = try #require(builder.tensors.firstIndex { $0.name == "blk.0.attn_v.weight" })
        let cells = Int(builder.tensors[index].dimensions[0] * builder.tensors[index].dimensions[1])
        builder.tensors[index].type = type.rawValue
        builder.tensors[index].data = [UInt8](repeating: 0, count: cells / type.blockSize * type.bytesPerBlock)
        let error = #expect(throws: ModelError.self) { _ = try model(builder.file()) }
        #expect(error == .unsupportedTensorType(tensor: "blk.0.attn_v.weight", type: type.description))
        #expect(error?.description.contains(type.description) == true)
    }

    @Test func headSizesTheEngineDoesNotCompute() throws {
        var shape = TinyLlama()
        (shape.width, shape.heads, shape.kvHeads) = (96, 2, 1)  // heads of 48
        let error = #expect(throws: ModelError.self) { _ = try model(shape.file()) }
        #expect(error == .unsupportedHeadSize(got: 48))
        (shape.width, shape.heads, shape.kvHeads) = (64, 8, 8)  // heads of 8
        #expect(throws: ModelError.unsupportedHeadSize(got: 8)) { _ = try model(shape.file()) }
        var builder = TinyLlama().builder()  // half of each head rotated
        builder.set("llama.rope.dimension_count", .uint32(8))
        #expect(throws: ModelError.unsupportedHeadSize(got: 16)) { _ = try model(builder.file()) }
    }

    @Test func rowsThatAreNoMultipleOf32() throws {
        var shape = TinyLlama()
        (shape.width, shape.heads, shape.kvHeads, shape.projection, shape.embedding) = (48, 3, 3, .f32, .f32)
        #expect(throws: ModelError.unsupportedShape(tensor: "token_embd.weight", dimensions: [48, 320])) {
            _ = try model(shape.file())
        }
        (shape.width, shape.heads, shape.kvHeads, shape.feedForward) = (64, 4, 2, 80)
        #expect(throws: ModelError.unsupportedShape(tensor: "blk.0.ffn_down.weight", dimensions: [80, 64])) {
            _ = try model(shape.file())
        }
    }

    @Test func tensorsThatAreMissingOrMore() throws {
        var builder = TinyModels.builder("q4_1")
        builder.tensors.removeAll { $0.name == "blk.1.attn_k.weight" }
        #expect(throws: GGUFError.self) { _ = try model(builder.file()) }
        builder = TinyModels.builder("q4_1")
        builder.tensors.append(.init(name: "blk.0.attn_q.bias", type: 0, dimensions: [1], data: [0, 0, 0, 0]))
        #expect(throws: GGUFError.self) { _ = try model(builder.file()) }
    }
}
