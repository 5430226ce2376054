/// A byte-level BPE vocabulary of 320 tokens for tests: three control tokens, all 256 bytes, 61 merges.
public enum TinyVocabulary {
    /// Ids 0, 1 and 2.
    public static let control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

    /// Left and right part of each merge in order of rank; `Ġ` is a space.
    public static let merges: [(String, String)] = [
        ("Ġ", "t"), ("h", "e"), ("Ġ", "a"), ("i", "n"), ("r", "e"), ("o", "n"), ("e", "r"), ("Ġt", "he"), ("a", "t"),
        ("Ġ", "s"), ("Ġ", "o"), ("e", "n"), ("Ġ", "c"), ("e", "s"), ("Ġ", "w"), ("n", "d"), ("i", "t"), ("o", "r"),
        ("i", "s"), ("a", "n"), ("Ġ", "p"), ("Ġ", "b"), ("Ġo", "f"), ("e", "d"), ("Ġ", "f"), ("in", "g"), ("Ġ", "in"),
        ("a", "l"), ("o", "u"), ("a", "r"), ("Ġa", "nd"), ("l", "e"), ("Ġ", "m"), ("Ġt", "o"), ("Ġ", "is"), ("W", "h"),
        ("a", "s"), ("Ġ", "d"), ("Wh", "at"), ("l", "l"), ("o", "m"), ("Ġ", "Ġ"), ("ĠĠ", "ĠĠ"), ("Ġ", "="), ("Ġ", "+"),
        ("Q", ":"), ("A", ":"), ("e", "x"), ("Ġn", "ex"), ("Ġ", "n"), ("Ġnex", "t"), ("u", "m"), ("um", "b"),
        ("umb", "er"), ("Ġn", "umber"), ("Ġw", "or"), ("Ġwor", "d"), ("Ċ", "Ċ"), ("Ã", "©"), ("Ġ", "("), (")", "."),
    ]

    /// The text of all tokens in the order of their ids, as GGUF stores them.
    public static var tokens: [String] {
        control + (0...255).map { String(byteCharacter(UInt8($0))) } + merges.map { $0.0 + $0.1 }
    }

    /// GGUF token types: 3 for control, 1 for ordinary tokens.
    public static var types: [Int32] {
        control.map { _ in 3 } + [Int32](repeating: 1, count: 256 + merges.count)
    }

    /// The character that stands for `byte` in byte-level BPE vocabularies (GPT-2's `bytes_to_unicode`).
    public static func byteCharacter(_ byte: UInt8) -> Character {
        func isShown(_ byte: UInt8) -> Bool {
            (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
        }
        if isShown(byte) { return Character(Unicode.Scalar(byte)) }
        let place = (0..<byte).count { !isShown($0) }
        return Character(Unicode.Scalar(UInt16(256 + place)) ?? " ")
    }

    /// Writes the tokenizer's metadata.
    public static func write(to builder: inout GGUFBuilder) {
        builder.set("tokenizer.ggml.model", .string("gpt2"))
        builder.set("tokenizer.ggml.pre", .string("smollm"))
        builder.set("tokenizer.ggml.tokens", .strings(tokens.map { Array($0.utf8) }))
        builder.set("tokenizer.ggml.token_type", .int32s(types))
        builder.set("tokenizer.ggml.merges", .strings(merges.map { Array("\($0.0) \($0.1)".utf8) }))
        builder.set("tokenizer.ggml.bos_token_id", .uint32(1))
        builder.set("tokenizer.ggml.eos_token_id", .uint32(2))
        builder.set("tokenizer.ggml.unknown_token_id", .uint32(0))
        builder.set("tokenizer.ggml.add_bos_token", .bool(false))
    }
}
