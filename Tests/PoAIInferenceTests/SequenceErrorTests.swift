import PoAIInference
import PoAITestSupport
import Testing

/// Every `InferenceError`, with the number of the sequence at fault.
@Suite struct SequenceErrorTests {
    static let fine = ScoredSequence(tokens: [1, 2, 3], scored: [1, 2])

    private func expect(_ error: InferenceError, _ sequence: ScoredSequence) throws {
        let engine = ExactEngine(model: try model(TinyModels.bytes("q4_1")), threads: 1, maximumLength: 4)
        #expect(throws: error) { _ = try engine.evaluate([Self.fine, sequence, Self.fine]) }
        #expect(error.description.contains("1"))
        #expect(try engine.evaluate([Self.fine]).count == 1, "the engine still works")
    }

    @Test func empty() throws {
        try expect(.emptySequence(index: 1), ScoredSequence(tokens: [], scored: []))
    }

    @Test func tooLong() throws {
        try expect(
            .sequenceTooLong(index: 1, got: 5, limit: 4), ScoredSequence(tokens: [1, 2, 3, 4, 5], scored: []))
    }

    @Test(arguments: [320, UInt32.max]) func tokenOutOfRange(token: UInt32) throws {
        try expect(
            .tokenOutOfRange(index: 1, got: token, vocabulary: 320), ScoredSequence(tokens: [1, token], scored: []))
    }

    @Test(arguments: [
        ([0], 0), ([3], 3), ([-1], -1), ([1, 1], 1), ([2, 1], 1), ([Int.max], Int.max), ([Int.min], Int.min),
    ]) func scoredPositions(scored: [Int], got: Int) throws {
        try expect(
            .badScoredPosition(index: 1, got: got, length: 3), ScoredSequence(tokens: [1, 2, 3], scored: scored))
    }

    @Test func logitsOfAPositionThatIsNotThere() throws {
        let engine = ExactEngine(model: try model(TinyModels.bytes("q4_1")), threads: 1, maximumLength: 4)
        for position in [-1, 2] {
            #expect(throws: InferenceError.badScoredPosition(index: 0, got: position, length: 2)) {
                _ = try engine.logits([1, 2], at: position)
            }
        }
    }

    /// Work that is given up is an error, and leaves nothing behind in the engine.
    @Test func cancelled() throws {
        let model = try model(TinyModels.bytes("deep"))
        let engine = ExactEngine(model: model, threads: 2, maximumLength: 4)
        let expected = try engine.evaluate([Self.fine])
        var asked = 0
        _ = try engine.evaluate([Self.fine, Self.fine]) {
            asked += 1
            return false
        }
        #expect(asked > 1)
        for turn in 1...asked {
            var count = 0
            #expect(throws: InferenceError.cancelled) {
                _ = try engine.evaluate([Self.fine, Self.fine]) {
                    count += 1
                    return count >= turn
                }
            }
            #expect(try engine.evaluate([Self.fine]) == expected)
        }
    }

    /// A model that overflows on some tokens only: token 5 is embedded as zeros and stays zero through every layer; any
    /// other meets gate weights of 10³⁸.
    static func overflowing() -> GGUFBuilder {
        var builder = TinyModels.builder("f32")
        for index in builder.tensors.indices {
            switch builder.tensors[index].name {
            case "token_embd.weight":
                builder.tensors[index].data.replaceSubrange(1280..<1536, with: [UInt8](repeating: 0, count: 256))
            case "blk.0.ffn_gate.weight":
                builder.tensors[index].data = TensorEncoding.f32.encode([Float](repeating: 3e38, count: 64 * 96))
            default: break
            }
        }
        return builder
    }

    /// The sequence that overflowed is named, not one that stands beside it in the pass.
    @Test func overflowNamesItsOwnSequence() throws {
        let model = try model(Self.overflowing().file())
        let zeros = ScoredSequence(tokens: [5, 5, 5], scored: [1, 2])
        let bad = ScoredSequence(tokens: [6, 7], scored: [1])
        for kernel in Kernel.available {
            for perPass in [1, 8] {
                let engine = ExactEngine(
                    model: model, kernel: kernel, threads: 2, maximumLength: 4, sequencesPerPass: perPass)
                #expect(throws: InferenceError.notFinite(index: 0)) { _ = try engine.evaluate([bad]) }
                #expect(throws: InferenceError.notFinite(index: 2)) { _ = try engine.evaluate([zeros, zeros, bad]) }
                #expect(throws: InferenceError.notFinite(index: 1)) { _ = try engine.evaluate([zeros, bad, zeros]) }
                // A fault does not stick to the rows it was found in.
                let alone = try engine.evaluate([zeros])
                #expect(try engine.evaluate([zeros, zeros, zeros]) == [alone[0], alone[0], alone[0]])
                // ln 320 in units of 2⁻¹⁶: all logits are equal.
                #expect(alone[0].tokenLosses == [378_033, 378_033])
            }
            #expect(throws: InferenceError.notFinite(index: 0)) {
                _ = try ExactEngine(model: model, kernel: kernel, threads: 1, maximumLength: 4).logits([6, 7], at: 1)
            }
            #expect(throws: InferenceError.notFinite(index: 0)) {
                _ = try DecodeSession(model: model, kernel: kernel, threads: 1, capacity: 4).append([6])
            }
        }
    }

    /// Finite states with logits that are not: no loss, no trace, no logits.
    @Test func logitsThatOverflow() throws {
        var builder = TinyModels.builder("f16")  // it has an output matrix of its own
        let index = try #require(builder.tensors.firstIndex { $0.name == "output.weight" })
        builder.tensors[index].type = TensorEncoding.f32.rawValue
        builder.tensors[index].data = TensorEncoding.f32.encode([Float](repeating: 3e38, count: 64 * 320))
        let model = try model(builder.file())
        let engine = ExactEngine(model: model, threads: 1, maximumLength: 4)
        #expect(throws: InferenceError.notFinite(index: 0)) {
            _ = try engine.evaluate([ScoredSequence(tokens: [6, 7], scored: [1])])
        }
        #expect(try engine.evaluate([ScoredSequence(tokens: [6, 7], scored: [])]).count == 1)
        #expect(throws: InferenceError.notFinite(index: 0)) { _ = try engine.logits([6, 7], at: 0) }
        #expect(throws: InferenceError.notFinite(index: 0)) {
            _ = try DecodeSession(model: model, threads: 1, capacity: 4).append([6])
        }
    }
}
