import PoAIModel
import PoAITestSupport
import Testing

/// Reading well-formed files.
@Suite struct GGUFFileTests {
    @Test func metadataOfAllTypesIsRead() throws {
        var builder = GGUFBuilder()
        builder.set("a.u8", .uint8(200))
        builder.set("a.u32", .uint32(4_000_000_000))
        builder.set("a.u64", .uint64(.max))
        builder.set("a.i32", .int32(-7))
        builder.set("a.f32", .float32(1.5))
        builder.set("a.f64", .raw(type: 12, bytes: [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]))
        builder.set("a.bool", .bool(true))
        builder.set("a.string", .string("grüße"))
        builder.set("a.strings", .strings([[], [0xFF], Array("xy".utf8)]))
        builder.set("a.ints", .int32s([3, -1, 7]))
        let scratch = ScratchFile(builder.file())
        let metadata = try GGUFFile(path: scratch.path).metadata

        #expect(metadata.keys.count == 10 && metadata.keys.first == "a.u8" && metadata.keys.last == "a.ints")
        #expect(try metadata.unsigned("a.u8") == 200)
        #expect(try metadata.unsigned("a.u32") == 4_000_000_000)
        #expect(try metadata.unsigned("a.u64") == .max)
        #expect(try metadata.float("a.f32") == 1.5)
        #expect(try metadata.boolIfPresent("a.bool") == true)
        #expect(try metadata.string("a.string") == "grüße")
        #expect(try metadata.array("a.ints").integers() == [3, -1, 7])
        guard case .double(1.5)? = metadata.value("a.f64"), case .signed(-7)? = metadata.value("a.i32") else {
            Issue.record("wrong f64 or i32")
            return
        }
        var strings: [[UInt8]] = []
        try metadata.array("a.strings").forEachString { strings.append([UInt8]($1)) }
        #expect(strings == [[], [0xFF], [0x78, 0x79]])
        #expect(metadata.value("absent") == nil)
        #expect(try metadata.unsignedIfPresent("absent") == nil)
    }

    @Test func gettersNameKeyAndType() throws {
        var builder = GGUFBuilder()
        builder.set("a.text", .string("x"))
        builder.set("a.negative", .int32(-1))
        let scratch = ScratchFile(builder.file())
        let path = scratch.path
        let metadata = try GGUFFile(path: path).metadata
        #expect(throws: GGUFError(path: path, fault: .missingKey("a.none"))) { try metadata.unsigned("a.none") }
        #expect(
            throws: GGUFError(
                path: path, fault: .wrongValueType(key: "a.text", got: "string", expected: "integer"))
        ) { try metadata.unsigned("a.text") }
        #expect(
            throws: GGUFError(
                path: path, fault: .wrongValueType(key: "a.text", got: "string", expected: "array"))
        ) { try metadata.array("a.text") }
        #expect(
            throws: GGUFError(
                path: path, fault: .badValue(key: "a.negative", got: "-1", expected: "not negative"))
        ) { try metadata.unsigned("a.negative") }
    }

    @Test(arguments: [8, 32, 4096]) func tensorBytesAreThoseWritten(alignment: Int) throws {
        var builder = TinyLlama().builder()
        builder.alignment = alignment
        builder.set("general.alignment", .uint32(UInt32(alignment)))
        let bytes = builder.file()
        let scratch = ScratchFile(bytes)
        let gguf = try GGUFFile(path: scratch.path)

        #expect(gguf.fileSize == bytes.count && gguf.alignment == alignment && gguf.dataOffset % alignment == 0)
        #expect(gguf.bytes.elementsEqual(bytes))
        #expect(gguf.tensors.count == builder.tensors.count)
        for (tensor, written) in zip(gguf.tensors, builder.tensors) {
            #expect(tensor.name == written.name && tensor.type.rawValue == written.type)
            #expect(tensor.dimensions == written.dimensions.map { Int($0) })
            #expect(tensor.elementCount == tensor.dimensions.reduce(1, *))
            #expect(gguf.tensor(named: tensor.name) == tensor)
            #expect(gguf.bytes(of: tensor).elementsEqual(written.data))
        }
        let before = Array(gguf.bytes(of: gguf.tensors[3]))
        gguf.adviseDontNeed()
        #expect(gguf.bytes(of: gguf.tensors[3]).elementsEqual(before))
    }

    @Test func bytesOfForeignTensorAreEmpty() throws {
        let first = ScratchFile(TinyLlama().file())
        var other = TinyLlama()
        other.width = 128
        let second = ScratchFile(other.file())
        let tensor = try #require(try GGUFFile(path: second.path).tensor(named: "token_embd.weight"))
        #expect(try GGUFFile(path: first.path).bytes(of: tensor).isEmpty)
    }

    @Test func sameSeedSameFileOtherSeedOtherFile() {
        var other = TinyLlama()
        other.seed = 2
        #expect(TinyLlama().file() == TinyLlama().file())
        #expect(TinyLlama().file() != other.file())
    }

    @Test func blockSizesOfTypes() {
        let expected: [GGMLType: (Int, Int, String)] = [
            .f32: (1, 4, "F32"), .f16: (1, 2, "F16"), .q4_0: (32, 18, "Q4_0"), .q4_1: (32, 20, "Q4_1"),
            .q8_0: (32, 34, "Q8_0"), .q4_K: (256, 144, "Q4_K"), .q6_K: (256, 210, "Q6_K"),
        ]
        for (type, (elements, bytes, name)) in expected {
            #expect(type.blockSize == elements && type.bytesPerBlock == bytes && type.description == name)
        }
    }

    /// The hashes are over the tensors, sorted by name, of `llama-quantize --pure tiny-f32.gguf out.gguf TYPE`, where the input is
    /// the tiny model with F32 throughout: FNV-1a, 64 bits.
    @Test(arguments: [
        (TensorEncoding.f16, UInt64(0x9536_922B_3B59_23F4)), (.q4_0, 0x7935_A827_B82C_04C9),
        (.q4_1, 0x3290_920F_1731_42BE), (.q8_0, 0x9474_F9AE_DED9_23CE),
    ])
    func tinyModelsAreThoseOfLlamaQuantize(type: TensorEncoding, expected: UInt64) throws {
        var tiny = TinyLlama()
        tiny.projection = type
        tiny.embedding = type
        let scratch = ScratchFile(tiny.file())
        let gguf = try GGUFFile(path: scratch.path)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for tensor in gguf.tensors.sorted(by: { $0.name < $1.name }) {
            for byte in gguf.bytes(of: tensor) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        #expect(hash == expected)
    }
}
