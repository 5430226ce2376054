import Foundation
import PoAIInference
import PoAIModel
import PoAIPrimitives
import PoAITestSupport
import Testing

/// Traces that numeric_reference.py computed: another language, another author of every line, the same bits.
struct GoldenTraces: Decodable {
    struct Entry: Decodable {
        let tokens: [UInt32]
        let scored: [Int]
        let digest: String
        let losses: [UInt64]

        var sequence: ScoredSequence { ScoredSequence(tokens: tokens, scored: scored) }
        var trace: Trace {
            get throws { Trace(digest: try Hash32(hex: digest), tokenLosses: losses) }
        }
    }

    let model: String
    let traces: [Entry]

    init(_ name: String) throws {
        self = try JSONDecoder().decode(Self.self, from: resource("traces/\(name).json"))
    }
}

@Suite struct GoldenTraceTests {
    @Test(arguments: TinyModels.names) func tinyModelsGiveTheReferenceTraces(name: String) throws {
        let golden = try GoldenTraces(name)
        let model = try model(TinyModels.bytes(name))
        #expect(model.sha256 == (try Hash32(hex: golden.model)), "the test model is not the one of the golden traces")
        let expected = try golden.traces.map { try $0.trace }
        for kernel in Kernel.available {
            let engine = ExactEngine(model: model, kernel: kernel, threads: 2, maximumLength: 80)
            #expect(try engine.evaluate(golden.traces.map(\.sequence)) == expected, "\(kernel)")
        }
    }

    @Test(.enabled(if: DefaultModel.isThere)) func realModelGivesTheReferenceTraces() throws {
        let golden = try GoldenTraces("smollm2-135m-instruct-q4_1")
        let model = try RealModel.shared.get()
        try #require(model.sha256 == (try Hash32(hex: golden.model)), "POAI_MODEL is not the default model")
        let expected = try golden.traces.map { try $0.trace }
        for kernel in Kernel.available {
            let engine = ExactEngine(model: model, kernel: kernel, threads: 2, maximumLength: 64, sequencesPerPass: 2)
            #expect(try engine.evaluate(golden.traces.map(\.sequence)) == expected, "\(kernel)")
        }
    }

    /// Writes the tiny models and a token sequence for each to the folder POAI_WRITE_TINY_MODELS, the Python engine's
    /// input; see Resources/README.md.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["POAI_WRITE_TINY_MODELS"] != nil))
    func writeTinyModels() throws {
        let folder = URL(filePath: try #require(ProcessInfo.processInfo.environment["POAI_WRITE_TINY_MODELS"]))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in TinyModels.names {
            try Data(TinyModels.bytes(name)).write(to: folder.appending(path: "\(name).gguf"))
        }
    }
}
