import PoAICommands
import PoAIInference
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import Testing

/// The commands around the model. What needs the default one is skipped when it is not there.
@Suite struct ModelCommandTests {
    private let tiny = ScratchFile(TinyLlama().file())

    @Test func inspectShowsWhatIsInTheFile() throws {
        let run = CommandRun("model", "inspect", tiny.path, "--json")
        let report = try run.json()
        #expect(
            Set(report.keys) == ["path", "bytes", "sha256", "metadata", "tensors", "parameters", "shape"]
                && run.code == 0)
        #expect(report["path"] as? String == tiny.path)
        #expect(report["sha256"] as? String == (try FileDigest.sha256(of: tiny.path)))
        #expect(report["bytes"] as? Int == TestFile.read(tiny.path)?.count)
        let shape = try #require(report["shape"] as? [String: Any])
        #expect(shape["layers"] as? Int == 2 && shape["width"] as? Int == 64)
        let tensor = try #require((report["tensors"] as? [[String: Any]])?.first)
        #expect(Set(tensor.keys) == ["name", "type", "dimensions", "bytes"])
        #expect(CommandRun("model", "inspect", tiny.path).output.contains("SHA-256     \(report["sha256"] ?? "")\n"))
    }

    @Test func inspectSaysWhatTheEngineCannotCompute() throws {
        var builder = TinyLlama().builder()
        builder.set("general.architecture", .string("mamba"))
        let file = ScratchFile(builder.file())
        let report = try CommandRun("model", "inspect", file.path, "--json").json()
        #expect(report["shape"] == nil && (report["unsupported"] as? String)?.contains("mamba") == true)
    }

    @Test func filesThatAreNoModelAreNamed() {
        let text = ScratchFile(Array("no model\n".utf8))
        CommandRun("model", "inspect", text.path).expectError(1, text.path)
        CommandRun("infer", "--prompt", "a", "--model-path", text.path).expectError(1, text.path)
        CommandRun("bench", "--model-path", "/nowhere/model.gguf").expectError(1, "/nowhere/model.gguf")
        // The tiny model is sound, but not the one that the devnet pins.
        CommandRun("bench", "--json", "--model-path", tiny.path).expectError(1, tiny.path, "SHA-256")
    }

    @Test func selftestReportsFaultsInBothForms() throws {
        let run = CommandRun("selftest", "--json", "--model-path", tiny.path)
        let report = try run.json()
        #expect(run.code == 1)
        #expect(Set(report.keys) == ["ok", "kernels", "passes", "threads", "batchSizes", "seconds", "error"])
        #expect(report["ok"] as? Bool == false && report["passes"] as? Int == 0)
        #expect((report["error"] as? String)?.contains(tiny.path) == true)
        CommandRun("selftest", "--model-path", tiny.path).expectError(1, tiny.path, "SHA-256")
    }

    @Test func inferAnswersTheSameEachTime() {
        let arguments = ["infer", "--prompt", "What is the next number?", "--model-path", tiny.path, "--threads", "1"]
        let run = CommandRun(arguments + ["--max-tokens", "8"])
        #expect(run.code == 0 && run.error.isEmpty && run.output.hasSuffix("\n"))
        #expect(CommandRun(arguments + ["--max-tokens", "8", "--kernel", "portable"]).output == run.output)
        #expect(CommandRun(arguments + ["--max-tokens", "8", "--raw"]).code == 0)
        let long = String(repeating: "a ", count: 300)
        CommandRun("infer", "--prompt", long, "--model-path", tiny.path).expectError(1, "--prompt", "shorten it")
    }

    @Test func fetchLeavesOtherFilesAlone() throws {
        let before = TestFile.read(tiny.path)
        CommandRun("model", "fetch", "--output", tiny.path).expectError(1, tiny.path, "other content", "--output")
        #expect(TestFile.read(tiny.path) == before)
    }

    @Test(.enabled(if: DefaultModel.isThere)) func fetchKnowsTheRightFile() {
        let run = CommandRun("model", "fetch", "--output", DefaultModel.path)
        #expect(run.code == 0 && run.output.contains("is there already"))
    }

    @Test(.enabled(if: DefaultModel.isThere)) func benchComputesTheKnownChecksum() throws {
        let run = CommandRun("bench", "--json", "--seconds", "0.01", "--model-path", DefaultModel.path)
        let report = try run.json()
        #expect(run.code == 0 && run.error.isEmpty)
        #expect(
            Set(report.keys) == [
                "tokensPerSecond", "attemptsPerSecond", "threads", "kernel", "batchSize", "seconds", "checksum", "ok",
            ])
        #expect(report["checksum"] as? String == BenchRun.expectedChecksum && report["ok"] as? Bool == true)
        #expect(report["kernel"] as? String == Kernel.best.name && report["batchSize"] as? Int == 4)
        let (tries, tokens) = (report["attemptsPerSecond"] as? Double, report["tokensPerSecond"] as? Double)
        #expect(abs(try #require(tokens) / (try #require(tries)) - 64) < 0.1)
    }

    @Test(.enabled(if: DefaultModel.isThere)) func quizzesOfASeedAreASeries() throws {
        let seed = String(repeating: "ab", count: 32)
        let run = CommandRun(
            "quiz", "--seed", seed, "--count", "6", "--no-pass", "--json", "--model-path", DefaultModel.path)
        let lines = run.output.split(separator: "\n")
        #expect(run.code == 0 && lines.count == 6 && Set(lines).count == 6)
        #expect(lines[0].contains("\"seed\": \"0x\(seed)\""))
        let second = Keccak256.hash([UInt8](repeating: 0xab, count: 32) + [0, 0, 0, 0, 0, 0, 0, 1]).hex
        #expect(lines[1].contains("\"seed\": \"\(second)\""))
    }
}
