import ArgumentParser
import PoAIInference
import PoAINode
import PoAIWork

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest", abstract: "Compare this machine's results with the network's, bit for bit.",
        discussion: """
            Computes the committed golden vectors with every kernel this CPU has, on 1, 2 and all threads, in batches of 1, 3 \
            and 8 and at several places of a batch.
            """)

    @Option(help: ArgumentHelp("The model, a GGUF file.", valueName: "file"))
    var modelPath = ModelPackage.smolLM2.defaultPath

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        var ok = false
        /// Kernels that computed everything right.
        var kernels: [String] = []
        /// Forward passes compared.
        var passes = 0
        var threads: [Int] = []
        var batchSizes: [Int] = []
        var seconds = 0.0
        /// Absent when all is well.
        var error: String?
    }

    func run() throws {
        let stopwatch = Stopwatch()
        var report = Report(threads: Set([1, 2, Arguments.cores]).sorted(), batchSizes: SelfTest.standardBatchSizes)
        do {
            let result = try test(threads: report.threads)
            (report.kernels, report.passes) = (result.kernels, result.passes)
            report.ok = result.mismatch == nil
            report.error = result.mismatch.map {
                "selftest: \($0) (check memory and clock rates; --kernel chooses another kernel for mining)"
            }
        } catch {
            report.error = "\(error)"
        }
        report.seconds = stopwatch.seconds
        try print(report)
    }

    private func test(threads: [Int]) throws -> SelfTest.Result {
        let work = try WorkEngine.open(
            modelPath: modelPath, spec: .embedded(.devnet), threads: Arguments.cores, checkGolden: false)
        let vectors = try GoldenVectors.file().quizzes
        guard !vectors.isEmpty, vectors.allSatisfy({ $0.lhat != nil }) else {
            throw Failure("selftest: the golden vectors of this build are not complete (build it again)")
        }
        let progress = ProgressLine()
        defer { progress.clear() }
        return try SelfTest(
            model: work.model, generator: work.generator, vectors: vectors, kernels: Kernel.available,
            threadCounts: threads
        ).run { step, passes in progress.show("\(step): \(passes) passes") }
    }

    private func print(_ report: Report) throws {
        if json {
            try JSONLine.print(report)
            if !report.ok { throw ExitCode.failure }
        } else if let error = report.error {
            throw Failure(error)
        } else {
            Output.line(
                "ok: \(report.passes) forward passes with the right bits in \(Stopwatch.text(report.seconds)), kernels "
                    + report.kernels.joined(separator: ", "))
        }
    }
}
