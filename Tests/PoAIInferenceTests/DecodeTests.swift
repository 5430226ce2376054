import PoAIInference
import PoAITestSupport
import Testing

/// Generation with a key-value cache against passes without one.
@Suite struct DecodeTests {
    @Test(arguments: TinyModels.names) func cachedLogitsAreThoseOfOnePass(name: String) throws {
        let model = try model(TinyModels.bytes(name))
        let sequence = InvarianceTests.sequences(1, lengths: 70...70, vocabulary: 309, seed: 41)[0]
        let reference = ExactEngine(
            model: model, kernel: try #require(Kernel.named("portable")), threads: 1, maximumLength: 70)
        let expected = try sequence.tokens.indices.map { bits(try reference.logits(sequence.tokens, at: $0)) }
        #expect(expected[0].count == model.config.vocabulary)
        for kernel in Kernel.available {
            let session = DecodeSession(model: model, kernel: kernel, threads: 2, capacity: 80)
            for (position, token) in sequence.tokens.enumerated() {
                #expect(bits(try session.append([token])) == expected[position], "\(kernel) position \(position)")
            }
            #expect(session.tokens == sequence.tokens)
            // In pieces, one of them longer than what the session takes at once.
            for pieces in [[70], [65, 5], [1, 66, 3], [64, 6]] {
                let session = DecodeSession(model: model, kernel: kernel, threads: 2, capacity: 70)
                var end = 0
                for piece in pieces {
                    let logits = try session.append(Array(sequence.tokens[end..<(end + piece)]))
                    end += piece
                    #expect(bits(logits) == expected[end - 1], "\(kernel) pieces \(pieces)")
                }
            }
        }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func cachedLogitsOfTheRealModel() throws {
        let model = try RealModel.shared.get()
        let tokens = InvarianceTests.sequences(1, lengths: 12...12, vocabulary: 49_152, seed: 42)[0].tokens
        let engine = ExactEngine(model: model, threads: 2, maximumLength: 12)
        let session = DecodeSession(model: model, threads: 1, capacity: 16)
        for position in tokens.indices {
            let cached = try session.append([tokens[position]])
            #expect(bits(cached) == bits(try engine.logits(tokens, at: position)), "position \(position)")
        }
    }

    /// Greedy generation is the most likely token of the one-pass logits, again and again.
    @Test func greedyGenerationFollowsTheLogits() throws {
        let model = try model(TinyModels.bytes("deep"))
        let prompt: [UInt32] = [7, 100, 3, 250]
        let session = DecodeSession(model: model, threads: 2, capacity: 24)
        var emitted: [UInt32] = []
        let generated = try session.generate(prompt: prompt, limit: 12, stop: []) { emitted.append($0) }
        #expect(generated.count == 12)
        #expect(emitted == generated)
        let engine = ExactEngine(model: model, threads: 1, maximumLength: 24)
        var tokens = prompt
        for token in generated {
            let logits = try engine.logits(tokens, at: tokens.count - 1)
            let best = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
            #expect(token == UInt32(best))
            tokens.append(token)
        }
    }

    @Test func generationStops() throws {
        let model = try model(TinyModels.bytes("deep"))
        let prompt: [UInt32] = [7, 100, 3, 250]
        func generate(limit: Int, stop: [UInt32], capacity: Int = 64) throws -> [UInt32] {
            try DecodeSession(model: model, threads: 1, capacity: capacity)
                .generate(prompt: prompt, limit: limit, stop: stop)
        }
        let free = try generate(limit: 10, stop: [])
        let stop = try #require(free.last)
        #expect(try generate(limit: 10, stop: [stop]) == Array(free.prefix { $0 != stop }))
        #expect(try generate(limit: 3, stop: []) == Array(free.prefix(3)))
        #expect(try generate(limit: 0, stop: []) == [])
        // Room for the prompt and two more: the third is predicted but has no room to go on from.
        #expect(try generate(limit: 10, stop: [], capacity: 6) == Array(free.prefix(3)))
    }

    @Test func errorsLeaveTheSessionAsItWas() throws {
        let model = try model(TinyModels.bytes("q4_1"))
        let session = DecodeSession(model: model, threads: 1, capacity: 5)
        let fresh = DecodeSession(model: model, threads: 1, capacity: 5)
        _ = try session.append([1, 2])
        #expect(throws: InferenceError.emptySequence(index: 0)) { _ = try session.append([]) }
        #expect(throws: InferenceError.tokenOutOfRange(index: 0, got: 320, vocabulary: 320)) {
            _ = try session.append([3, 320])
        }
        #expect(throws: InferenceError.sequenceTooLong(index: 0, got: 6, limit: 5)) {
            _ = try session.append([3, 4, 5, 6])
        }
        #expect(session.tokens == [1, 2])
        #expect(bits(try session.append([3, 4, 5])) == bits(try fresh.append([1, 2, 3, 4, 5])))
    }
}
