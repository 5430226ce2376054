import PoAIInference
import PoAITestSupport
import Testing

/// Section 7 of the numeric contract: what must not change a bit.
@Suite struct InvarianceTests {
    static func sequences(
        _ count: Int, lengths: ClosedRange<Int>, vocabulary: Int, seed: UInt64
    ) -> [ScoredSequence] {
        var random = DeterministicRandom(seed: seed)
        return (0..<count).map { _ in
            let length = lengths.lowerBound + random.below(lengths.count)
            let tokens = (0..<length).map { _ in UInt32(random.below(vocabulary)) }
            return ScoredSequence(tokens: tokens, scored: (1..<max(length, 1)).filter { _ in random.below(3) == 0 })
        }
    }

    /// One by one on the portable kernel with one thread: what every other way is compared with.
    static func alone(_ model: ExactModel, _ batch: [ScoredSequence], length: Int) throws -> [Trace] {
        let portable = try #require(Kernel.named("portable"))
        let engine = ExactEngine(
            model: model, kernel: portable, threads: 1, maximumLength: length, sequencesPerPass: 1)
        return try batch.map { try engine.evaluate([$0])[0] }
    }

    @Test(arguments: TinyModels.names) func kernelsThreadsAndBatchesOfTinyModels(name: String) throws {
        let model = try model(TinyModels.bytes(name))
        let batch = Self.sequences(9, lengths: 1...70, vocabulary: model.config.vocabulary, seed: 31)
        let expected = try Self.alone(model, batch, length: 70)
        #expect(Set(expected.map(\.digest)).count == batch.count)
        for kernel in Kernel.available {
            for threads in 1...4 {
                for perPass in [1, 2, 3, 8] {
                    let engine = ExactEngine(
                        model: model, kernel: kernel, threads: threads, maximumLength: 70, sequencesPerPass: perPass)
                    #expect(try engine.evaluate(batch) == expected, "\(kernel), \(threads) threads, \(perPass) a pass")
                }
            }
        }
    }

    /// Every place in the batch, among other neighbours each time.
    @Test(arguments: ["q4_1", "q8_0", "f32"]) func placeInTheBatch(name: String) throws {
        let model = try model(TinyModels.bytes(name))
        let batch = Self.sequences(7, lengths: 3...40, vocabulary: model.config.vocabulary, seed: 32)
        let expected = try Self.alone(model, batch, length: 40)
        for kernel in Kernel.available {
            let engine = ExactEngine(model: model, kernel: kernel, threads: 2, maximumLength: 40, sequencesPerPass: 7)
            for shift in batch.indices {
                let order = batch.indices.map { ($0 + shift) % batch.count }
                #expect(try engine.evaluate(order.map { batch[$0] }) == order.map { expected[$0] })
                #expect(try engine.evaluate(order.prefix(3).map { batch[$0] }) == order.prefix(3).map { expected[$0] })
            }
            #expect(try engine.evaluate([batch[2], batch[2], batch[2]]) == [expected[2], expected[2], expected[2]])
            #expect(try engine.evaluate([]) == [])
        }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func realModel() throws {
        let model = try RealModel.shared.get()
        let batch =
            Self.sequences(2, lengths: 64...64, vocabulary: model.config.vocabulary, seed: 33)
            + Self.sequences(3, lengths: 1...63, vocabulary: model.config.vocabulary, seed: 34)
        let best = Kernel.best
        let single = ExactEngine(model: model, kernel: best, threads: 1, maximumLength: 64, sequencesPerPass: 1)
        let expected = try batch.map { try single.evaluate([$0])[0] }
        for kernel in Kernel.available {
            // The portable kernel is slow: one way of it, and all ways of the others.
            let ways = kernel.name == "portable" ? [(2, 8)] : [(1, 8), (2, 1), (2, 2), (3, 3), (4, 8)]
            for (threads, perPass) in ways {
                let engine = ExactEngine(
                    model: model, kernel: kernel, threads: threads, maximumLength: 64, sequencesPerPass: perPass)
                #expect(try engine.evaluate(batch) == expected, "\(kernel), \(threads) threads, \(perPass) a pass")
                let turned = Array(batch.reversed())
                if kernel.name != "portable" { #expect(try engine.evaluate(turned) == expected.reversed()) }
            }
        }
    }

    /// The digest covers what section 5 says: a change of any token, or of what is scored, shows.
    @Test func digestsDependOnTokensAndScores() throws {
        let model = try model(TinyModels.bytes("q4_1"))
        let engine = ExactEngine(model: model, threads: 1, maximumLength: 8)
        let tokens: [UInt32] = [5, 9, 200, 17, 44]
        let base = try engine.evaluate([ScoredSequence(tokens: tokens, scored: [2, 4])])[0]
        for position in tokens.indices {
            var other = tokens
            other[position] += 1
            let trace = try engine.evaluate([ScoredSequence(tokens: other, scored: [2, 4])])[0]
            #expect(trace.digest != base.digest, "position \(position)")
        }
        for scored in [[], [2], [4], [1, 4], [2, 3, 4]] {
            #expect(try engine.evaluate([ScoredSequence(tokens: tokens, scored: scored)])[0].digest != base.digest)
        }
        #expect(base.loss == base.tokenLosses[0] + base.tokenLosses[1])
        #expect(try engine.tokenLosses(tokens)[1] == base.tokenLosses[0])
        #expect(try engine.tokenLosses(tokens)[3] == base.tokenLosses[1])
    }
}
