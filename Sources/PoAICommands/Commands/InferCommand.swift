import ArgumentParser
import PoAIInference
import PoAIModel

struct InferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer", abstract: "Let the model answer a prompt.",
        discussion: """
            Greedy and exact: the same prompt gives the same text on every machine. The prompt is put into the model's \
            chat form unless --raw is given.
            """)

    @Option(help: ArgumentHelp("What to say to the model.", valueName: "text"))
    var prompt: String

    @Option(help: ArgumentHelp("The system message, instead of the model's own.", valueName: "text"))
    var system: String?

    @Option(
        help: ArgumentHelp("Longest answer, in tokens; 256 unless given.", valueName: "count"),
        transform: Arguments.positive)
    var maxTokens = 256

    @Flag(help: "Continue the prompt as plain text, without the chat form.")
    var raw = false

    @OptionGroup var options: ModelOptions

    func validate() throws {
        if raw, system != nil {
            throw ValidationError("--system: it is part of the chat form, which --raw leaves out (drop one of them)")
        }
        if prompt.isEmpty { throw ValidationError("--prompt: it is empty (say something)") }
    }

    func run() throws {
        let file = try GGUFFile(path: options.modelPath)
        let tokenizer = try BytePairTokenizer(gguf: file)
        let model = try ExactModel(file: file, expectedSHA256: nil, threads: options.threadCount)
        let tokens = try encode(tokenizer, contextLength: model.config.contextLength)
        let (room, overflow) = tokens.count.addingReportingOverflow(maxTokens)
        let session = DecodeSession(
            model: model, kernel: options.chosenKernel, threads: options.threadCount,
            capacity: overflow ? .max : room)
        let stops = [tokenizer.eos, tokenizer.bos].compactMap { $0 } + Self.endOfTurn(tokenizer)
        try session.generate(prompt: tokens, limit: maxTokens, stop: stops) { token in
            Output.write(tokenizer.bytes(of: token))
        }
        Output.line()
    }

    private func encode(_ tokenizer: BytePairTokenizer, contextLength: Int) throws -> [UInt32] {
        var tokens: [UInt32]
        if raw {
            tokens = tokenizer.encode(prompt)
            if tokenizer.addsBOS, let bos = tokenizer.bos { tokens.insert(bos, at: 0) }
        } else {
            let system = system.map { [ChatTemplate.Message(.system, $0)] } ?? []
            tokens = ChatTemplate().encode(system + [ChatTemplate.Message(.user, prompt)], with: tokenizer)
        }
        guard tokens.count < contextLength else {
            throw Failure(
                "--prompt: it has \(tokens.count) tokens, the model reads fewer than \(contextLength) (shorten it)")
        }
        return tokens
    }

    private static func endOfTurn(_ tokenizer: BytePairTokenizer) -> [UInt32] {
        ["<|im_end|>", "<|endoftext|>"].compactMap { text in
            let ids = tokenizer.encode(text, parseSpecial: true)
            return ids.count == 1 ? ids.first : nil
        }
    }
}
