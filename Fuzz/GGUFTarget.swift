import PoAIModel

/// The GGUF reader, the llama configuration and the tokenizer: uses everything that can be read from a model file.
enum GGUFTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do {
            try exercise(path: ScratchFile.path(holding: input))
        } catch {
            requireOneLine(error)
        }
    }

    private static func exercise(path: String) throws(GGUFError) {
        let gguf = try GGUFFile(path: path)
        for key in gguf.metadata.keys {
            guard case .array(let array)? = gguf.metadata.value(key) else { continue }
            if array.elementType == .string {
                try array.forEachString { (_, _) in }
            } else {
                _ = try? array.integers()
            }
        }
        for tensor in gguf.tensors { _ = gguf.bytes(of: tensor).last }
        _ = try? LlamaConfig(gguf: gguf)
        let tokenizer = try BytePairTokenizer(gguf: gguf)
        _ = tokenizer.decode(tokenizer.encode("Hello, what 12 is\u{3000} the\n\n é <|im_end|>", parseSpecial: true))
        let bytes = [UInt8](gguf.bytes.suffix(64))
        _ = tokenizer.decode(tokenizer.encode(bytes + bytes))
    }
}
