import PoAIModel
import PoAITestSupport
import Testing

/// Vocabularies that the tokenizer cannot use are refused by name.
@Suite struct VocabularyFaultTests {
    private func fault(_ change: (inout GGUFBuilder) -> Void) -> GGUFError.Fault? {
        do {
            _ = try TestFiles.tinyTokenizer(change)
            return nil
        } catch {
            return (error as? GGUFError)?.fault
        }
    }

    private let texts = TinyVocabulary.tokens.map { Array($0.utf8) }

    @Test func otherTokenizers() {
        #expect(
            fault { $0.set("tokenizer.ggml.model", .string("llama")) }
                == .badValue(key: "tokenizer.ggml.model", got: "llama", expected: "gpt2"))
        #expect(
            fault { $0.set("tokenizer.ggml.pre", .string("qwen2")) }
                == .badValue(key: "tokenizer.ggml.pre", got: "qwen2", expected: "smollm"))
        #expect(fault { $0.remove("tokenizer.ggml.pre") } == .missingKey("tokenizer.ggml.pre"))
        #expect(fault { $0.remove("tokenizer.ggml.tokens") } == .missingKey("tokenizer.ggml.tokens"))
        #expect(fault { $0.remove("tokenizer.ggml.merges") } == .missingKey("tokenizer.ggml.merges"))
    }

    @Test func tokensAndTypes() {
        #expect(
            fault { $0.set("tokenizer.ggml.tokens", .strings([])) } == .badVocabulary("0 tokens, expected 1 to 4194304")
        )
        #expect(
            fault { $0.set("tokenizer.ggml.tokens", .int32s([1])) }
                == .badVocabulary("320 token types for 1 tokens"))
        #expect(
            fault { $0.set("tokenizer.ggml.token_type", .int32s([1, 1])) }
                == .badVocabulary("2 token types for 320 tokens"))
        var types = TinyVocabulary.types
        types[7] = 6
        #expect(
            fault { $0.set("tokenizer.ggml.token_type", .int32s(types)) }
                == .badVocabulary("token 7 has type 6, expected 1 to 5"))
        var twice = texts
        twice[300] = twice[100]
        #expect(
            fault { $0.set("tokenizer.ggml.tokens", .strings(twice)) } == .duplicate(thing: "token", name: "300"))
    }

    @Test func merges() {
        for bad in ["ab", "", " ab", "a\u{1F600} b"] {
            #expect(
                fault { $0.set("tokenizer.ggml.merges", .strings([Array(bad.utf8)])) }
                    == .badVocabulary("merge 0 is not two parts with a space between"), "\(bad)")
        }
        for bad in ["q q", "a ", "a b c", "a \u{1F600}"] {
            #expect(
                fault { $0.set("tokenizer.ggml.merges", .strings([Array("h e".utf8), Array(bad.utf8)])) }
                    == .badVocabulary("merge 1 has parts that are not tokens"), "\(bad)")
        }
    }

    @Test func specialIDsAndTableSize() {
        #expect(
            fault { $0.set("tokenizer.ggml.eos_token_id", .uint32(320)) }
                == .badValue(key: "tokenizer.ggml.eos_token_id", got: "320", expected: "below 320"))
        #expect(
            fault {
                $0.tensors.append(
                    .init(
                        name: "token_embd.weight", type: 0, dimensions: [1, 319],
                        data: [UInt8](repeating: 0, count: 1276)))
            } == .badVocabulary("320 tokens, but token_embd.weight has 319 rows"))
    }
}
