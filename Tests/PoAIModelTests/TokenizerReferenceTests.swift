import PoAIModel
import PoAITestSupport
import Testing

/// The same ids as llama.cpp's own tokenizer.
@Suite struct TokenizerReferenceTests {
    @Test(.enabled(if: DefaultModel.isThere))
    func defaultModelGivesTheSameIDs() throws {
        let tokenizer = try BytePairTokenizer(gguf: GGUFFile(path: DefaultModel.path))
        let missing: [UInt8] = [0x04, 0x06, 0x13, 0x14, 0x16, 0x1D, 0xC0, 0xC1, 0xF1, 0xF2] + Array(0xF5...0xFF)
        try check(tokenizer, expected: "expected_ids.txt", missing: missing)
    }

    @Test func tinyVocabularyGivesTheSameIDs() throws {
        try check(TestFiles.tinyTokenizer(), expected: "expected_ids_tiny.txt")
    }

    private func check(
        _ tokenizer: BytePairTokenizer, expected: String, missing: [UInt8] = []
    ) throws {
        let lines = try ReferenceLine.read(expected: expected)
        #expect(lines.count == 472)
        let single = Set(
            (0..<UInt32(tokenizer.vocabularySize)).map(tokenizer.bytes).filter { $0.count == 1 }.flatMap { $0 })
        #expect(single == Set(UInt8.min...UInt8.max).subtracting(missing))
        for (index, line) in lines.enumerated() {
            #expect(tokenizer.encode(line.text) == line.plain, "line \(index + 1)")
            #expect(tokenizer.encode(line.text, parseSpecial: true) == line.special, "line \(index + 1), special")
            // Everything comes back, except for bytes that no token stands for.
            guard String(validating: line.text, as: UTF8.self) != nil else { continue }
            let kept = line.text.filter { single.contains($0) }
            #expect(tokenizer.decode(line.plain) == kept, "line \(index + 1), round trip")
            #expect(tokenizer.decode(line.special) == kept, "line \(index + 1), special round trip")
        }
    }

    /// `reference_ids --code-points`: every code point in a context that depends on its class.
    @Test(.enabled(if: DefaultModel.isThere))
    func everyCodePointGivesTheSameIDs() throws {
        let tokenizer = try BytePairTokenizer(gguf: GGUFFile(path: DefaultModel.path))
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for scalar in (UInt32(0)..<0x110000).lazy.compactMap(Unicode.Scalar.init) {
            let character = Array(String(scalar).utf8)
            let text = [UInt8(ascii: "a")] + character + [UInt8(ascii: " ")] + character + character + Array("1 ".utf8)
            for id in tokenizer.encode(text) {
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    hash = (hash ^ UInt64(id >> shift & 255)) &* 0x100_0000_01B3
                }
            }
        }
        let expected = String(decoding: try TestFiles.fixture("code_point_hash.txt"), as: UTF8.self)
        #expect("\(hash)\n" == expected)
    }

    /// Writes the file from which `expected_ids_tiny.txt` was made, when asked to.
    @Test(.enabled(if: TestFiles.tinyOutput != nil, "set POAI_WRITE_TINY to a path to write the tiny model"))
    func writesTinyModel() throws {
        let output = try #require(TestFiles.tinyOutput)
        try TestFiles.write(TinyLlama().file(), to: output)
        try TestFiles.write(TinyLlama.smallest().file(), to: output + ".smallest")
    }
}
