import Foundation
import PoAIInference
import PoAIModel
import PoAITestSupport
import Testing

/// It is really SmolLM2: llama.cpp's figures for the same file, and right answers.
@Suite(.enabled(if: DefaultModel.isThere)) struct MeaningTests {
    /// Perplexity as llama-perplexity defines it: chunks of 512 tokens, each a sequence of its own; the tokens at positions 257 to 511
    /// count, predicted from all before. llama.cpp's figure and command are in Resources/perplexity.json.
    @Test func perplexityIsThatOfLlamaCpp() throws {
        struct Reference: Decodable {
            let chunkTokens: Int
            let chunks: Int
            let perplexity: Double
            let text: String
        }
        let reference = try JSONDecoder().decode(Reference.self, from: resource("perplexity.json"))
        let tokenizer = try BytePairTokenizer(gguf: try GGUFFile(path: DefaultModel.path))
        let tokens = tokenizer.encode([UInt8](try resource(reference.text)))
        let size = reference.chunkTokens
        #expect(tokens.count / size == reference.chunks)
        let batch = (0..<reference.chunks).map { chunk in
            ScoredSequence(
                tokens: Array(tokens[(chunk * size)..<(chunk * size + size)]), scored: Array((size / 2 + 1)..<size))
        }
        let engine = ExactEngine(
            model: try RealModel.shared.get(), threads: 2, maximumLength: size, sequencesPerPass: 2)
        let losses = try engine.evaluate(batch).flatMap(\.tokenLosses)
        #expect(losses.count == reference.chunks * (size / 2 - 1))
        let nats = losses.reduce(0) { $0 + Double($1) } / 65_536
        let perplexity = exp(nats / Double(losses.count))
        print("perplexity \(perplexity), llama.cpp \(reference.perplexity)")
        #expect(abs(perplexity / reference.perplexity - 1) < 0.02)
    }

    @Test(arguments: [
        ("Complete the sentence: The capital of France is", "Paris"),
        ("What is 2 + 2?", "4"),
        ("What color is the sky on a clear day?", "blue"),
        ("How many days are there in a week?", "7"),
        ("What is the opposite of hot?", "cold"),
        ("What is the largest ocean on Earth?", "Pacific"),
        ("Who wrote Romeo and Juliet?", "Shakespeare"),
    ]) func easyPromptsGetRightAnswers(question: String, answer: String) throws {
        let gguf = try GGUFFile(path: DefaultModel.path)
        let tokenizer = try BytePairTokenizer(gguf: gguf)
        let prompt = ChatTemplate().encode([.init(.user, question)], with: tokenizer)
        let session = DecodeSession(model: try RealModel.shared.get(), threads: 2, capacity: prompt.count + 32)
        let stop = [tokenizer.eos].compactMap { $0 }
        let generated = try session.generate(prompt: prompt, limit: 32, stop: stop)
        let text = String(decoding: tokenizer.decode(generated), as: UTF8.self)
        print("\(question) → \(text)")
        #expect(text.contains(answer), "\(question) → \(text)")
    }
}
