import PoAIInference
import PoAIModel
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import PoAIWork
import Testing

@Suite struct WorkEngineTests {
    @Test func aModelThatIsNotPinnedIsRefused() throws {
        let network = try TinyNetwork(targetThousandths: 500)
        var other = TinyLlama()
        other.seed = 2
        let model = ScratchFile(other.file())
        #expect(throws: ModelError.self) {
            try WorkEngine.open(modelPath: model.path, spec: network.spec, threads: 1)
        }
    }

    @Test func anEngineThatIsNotOursIsRefused() throws {
        let network = try TinyNetwork(targetThousandths: 500, engine: "exact-2")
        #expect(throws: WorkEngineError.unknownEngine(got: "exact-2", expected: "exact-1")) {
            try WorkEngine.open(modelPath: network.model.path, spec: network.spec, threads: 1)
        }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func theGoldenVectorsHoldAndNoticeOneWrongBit() throws {
        let spec = try ChainSpec.embedded(.devnet)
        let work = try WorkEngine.open(modelPath: DefaultModel.path, spec: spec, threads: 2, checkGolden: false)
        #expect(try GoldenVectors.firstMismatch(work) == nil)
        let vectors = try GoldenVectors.file().quizzes
        #expect(vectors.count == 8)
        #expect(vectors.contains { $0.subSeed > 0 })

        let solver = QuizSolver(generator: work.generator, engine: OneBitWrong(engine: work.engine))
        #expect(try GoldenVectors.mismatch(solver, [vectors[3]])?.contains("digest") == true)
        for change in 0..<4 {
            var wrong = vectors[1]
            switch change {
            case 0: wrong.tokens[40] ^= 1
            case 1: wrong.loss = wrong.loss.map { $0 ^ 1 }
            case 2: wrong.scored[7] -= 1
            default: wrong.lhat = vectors[2].lhat
            }
            #expect(try GoldenVectors.mismatch(work.solver, [wrong]) != nil)
        }
    }

    /// An engine whose digests have one bit flipped.
    private struct OneBitWrong: InferenceEngine {
        let engine: ExactEngine
        var modelSHA256: Hash32 { engine.modelSHA256 }

        func evaluate(_ batch: [ScoredSequence], unless cancelled: () -> Bool) throws(InferenceError) -> [Trace] {
            try engine.evaluate(batch, unless: cancelled).map { trace in
                var bytes = trace.digest.bytes
                bytes[31] ^= 1
                return Trace(digest: Hash32(bytes) ?? .zero, tokenLosses: trace.tokenLosses)
            }
        }
    }

    @Test func cancelledWorkIsDropped() throws {
        let network = try TinyNetwork(targetThousandths: 500)
        let work = try network.work()
        let seeds = (0..<3).map { QuizVectorFile.seed($0) }
        #expect(throws: InferenceError.cancelled) { try work.solver.solve(seeds, unless: { true }) }
        var questions = 0
        #expect(throws: InferenceError.cancelled) {
            try work.solver.solve(seeds) {
                questions += 1
                return questions == 2
            }
        }
        #expect(try work.solver.solve(seeds) == work.solve(seeds))
    }
}
