import PoAIModel
import PoAITestSupport
import Testing

/// The parts of the tokenizer, on a vocabulary small enough to follow by hand.
@Suite struct BytePairTokenizerTests {
    private func words(_ text: String) -> [String] {
        let decoded = DecodedText(Array(text.utf8)[...])
        var result: [String] = []
        PreTokenizer(units: decoded.units).forEachWord { range in
            let end =
                range.upperBound < decoded.units.count ? decoded.units[range.upperBound].offset : decoded.bytes.count
            result.append(String(decoding: decoded.bytes[decoded.units[range.lowerBound].offset..<end], as: UTF8.self))
        }
        return result
    }

    @Test func wordsOfThePreTokenizer() {
        #expect(words("") == [])
        #expect(words("Hello world") == ["Hello", " world"])
        #expect(words("a  b") == ["a", " ", " b"])
        #expect(words("a 12 b") == ["a", " ", "1", "2", " b"])
        #expect(words("a  1") == ["a", "  ", "1"])
        #expect(words("x½٣Ⅳ") == ["x", "½", "٣", "Ⅳ"])
        #expect(words("it's they'll I'LL '") == ["it", "'s", " they", "'ll", " I", "'", "LL", " '"])
        #expect(words("'ve're'd't'm'x") == ["'ve", "'re", "'d", "'t", "'m", "'", "x"])
        #expect(words("end. \n\n go") == ["end", ".", " \n\n", " go"])
        #expect(words("\u{3000}\u{3000}漢字，ok!?") == ["\u{3000}", "\u{3000}", "漢字", "，", "ok", "!?"])
        #expect(words("a   ") == ["a", "   "])
    }

    /// The hash is what llama.cpp's `unicode_cpt_flags_from_cpt` gives: FNV-1a, 64 bits, over one byte per code point, 3 for white
    /// space, else 1 for letters, 2 for numbers, 0 for the rest.
    @Test func classesOfAllCodePointsAreThoseOfLlamaCpp() {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for scalar in UInt32(0)..<0x110000 {
            hash = (hash ^ UInt64(UnicodeClass(of: scalar).rawValue)) &* 0x100_0000_01B3
        }
        #expect(hash == 0x7A9F_DFC6_5EBD_EB9E)
    }

    @Test func mergesFollowRanks() throws {
        let tokenizer = try TestFiles.tinyTokenizer()
        func texts(_ text: String) -> [String] {
            tokenizer.encode(text).map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) }
        }
        #expect(texts("What is the number?") == ["What", " is", " the", " number", "?"])
        #expect(texts("there 42") == ["t", "he", "re", " ", "4", "2"])
        #expect(texts("     x") == ["    ", " ", "x"])
        #expect(texts("é") == ["é"])
        #expect(texts("\n\n\n") == ["\n\n", "\n"])
    }

    @Test func heapAndScanAgree() throws {
        var builder = GGUFBuilder()
        TinyVocabulary.write(to: &builder)
        let scratch = ScratchFile(builder.file())
        let gguf = try GGUFFile(path: scratch.path)
        let table = try MergeTable(gguf: gguf, vocabulary: Vocabulary(gguf: gguf))
        let merger = BytePairMerger(table: table)
        var random = DeterministicRandom(seed: 5)
        let letters = Array(" theainroWandscup=é".utf8).map { 3 + UInt32($0) }
        for length in 0..<200 {
            let word = (0..<length).map { _ in letters[random.below(letters.count)] }
            var scanned = word
            var heaped = word
            merger.merge(&scanned, scanLimit: .max)
            merger.merge(&heaped, scanLimit: 0)
            #expect(scanned == heaped, "length \(length)")
            #expect(length < 20 || scanned.count < length)
        }
    }

    @Test func longWordsAreFast() throws {
        // Quadratic work would be 10^12 steps.
        let text = [UInt8](repeating: UInt8(ascii: "l"), count: 1_000_000)
        #expect(try TestFiles.tinyTokenizer().encode(text).count == 500_000)
    }

    @Test func specialTokensOnlyWhenAsked() throws {
        let tokenizer = try TestFiles.tinyTokenizer()
        let text = "a<|im_end|><|im_end|>b<|im_start|"
        let parsed = tokenizer.encode(text, parseSpecial: true)
        let expected: [UInt32] = [3 + 0x61, 2, 2, 3 + 0x62]
        #expect(Array(parsed.prefix(4)) == expected)
        #expect(!tokenizer.encode(text).contains(2))
        #expect(tokenizer.decode(parsed) == Array(text.utf8))
        #expect(tokenizer.decode(tokenizer.encode(text)) == Array(text.utf8))
    }

    @Test func userDefinedTokensAreAlwaysFoundLongestFirst() throws {
        var types = TinyVocabulary.types
        let number = TinyVocabulary.tokens.firstIndex(of: "umber") ?? 0
        let short = TinyVocabulary.tokens.firstIndex(of: "um") ?? 0
        types[number] = 4
        types[short] = 4
        let tokenizer = try TestFiles.tinyTokenizer { $0.set("tokenizer.ggml.token_type", .int32s(types)) }
        let expected: [UInt32] = [3 + 0x6E, UInt32(number), 3 + 0x73, UInt32(short)]
        #expect(tokenizer.encode("numbersum") == expected)
    }

    @Test func kindsAndIDs() throws {
        let tokenizer = try TestFiles.tinyTokenizer()
        #expect(tokenizer.vocabularySize == 320 && tokenizer.bos == 1 && tokenizer.eos == 2 && !tokenizer.addsBOS)
        let control = (UInt32(0)..<320).filter { !tokenizer.isOrdinary($0) }
        #expect(control == [0, 1, 2])
        #expect(!tokenizer.isOrdinary(320) && !tokenizer.isOrdinary(.max))
        #expect(tokenizer.bytes(of: 320).isEmpty && tokenizer.bytes(of: .max).isEmpty)
        #expect(tokenizer.decode([3 + 0x41, 9999, 3 + 0x42]) == [0x41, 0x42])
        for byte in UInt8.min...UInt8.max { #expect(tokenizer.bytes(of: 3 + UInt32(byte)) == [byte]) }
    }

    @Test func numbersAboveUnicodeAreReplaced() throws {
        let tokenizer = try TestFiles.tinyTokenizer()
        let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
        for bad: [UInt8] in [[0xF4, 0x90, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF]] {
            let expected = replacement + replacement + replacement + replacement
            #expect(tokenizer.decode(tokenizer.encode(bad)) == expected)
        }
    }
}
