import ArgumentParser
import PoAINode
import PoAITypes

struct BenchModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Measure this machine's mining speed, and check what it computes.",
        discussion: """
            The checksum is over everything that a fixed run of \(BenchRun.fixedCount) quizzes computes. It is the same on every \
            machine; another one means bad memory, an unstable clock or a broken build.
            """)

    @Option(
        help: ArgumentHelp("How long to measure, after the fixed run; 10 unless given.", valueName: "seconds"),
        transform: Arguments.seconds)
    var seconds = 10.0

    @Option(
        help: ArgumentHelp(
            "Quizzes that go through the model together; \(WorkEngine.defaultBatchSize) unless given.",
            valueName: "count"),
        transform: Arguments.batchSize)
    var batchSize = WorkEngine.defaultBatchSize

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        var tokensPerSecond: Double
        var attemptsPerSecond: Double
        var threads: Int
        var kernel: String
        var batchSize: Int
        var seconds: Double
        var checksum: String
        /// Whether the checksum is the one known for the default model.
        var ok: Bool
    }

    func run() throws {
        let work = try WorkEngine.open(
            modelPath: model.modelPath, spec: .embedded(.devnet), threads: model.threadCount, batchSize: batchSize,
            kernel: model.chosenKernel, checkGolden: false)
        let bench = BenchRun(work: work, batchSize: batchSize)
        let checksum = try bench.checksum().hex
        let progress = ProgressLine()
        let (tries, seconds) = try bench.time(seconds: seconds) { tries, seconds in
            progress.show("\(DecimalText.of(Double(tries) / seconds, 1)) tries/s")
        }
        progress.clear()
        let tokens = tries * work.generator.rules.tokenCount
        let report = Report(
            tokensPerSecond: Self.rounded(Double(tokens) / seconds),
            attemptsPerSecond: Self.rounded(Double(tries) / seconds), threads: model.threadCount,
            kernel: work.engine.kernel.name, batchSize: batchSize, seconds: Self.rounded(seconds),
            checksum: checksum, ok: checksum == BenchRun.expectedChecksum)
        try print(report)
        guard report.ok else {
            throw Failure(
                "bench: this machine computed the checksum \(checksum), the right one is \(BenchRun.expectedChecksum) "
                    + "(check memory and clock rates, compare the kernels with 'poaid selftest')")
        }
    }

    private func print(_ report: Report) throws {
        if json { return try JSONLine.print(report) }
        Output.line("Kernel    \(report.kernel), \(report.threads) threads, batches of \(report.batchSize)")
        Output.line(
            "Speed     \(DecimalText.of(report.attemptsPerSecond, 2)) tries/s, "
                + "\(DecimalText.of(report.tokensPerSecond, 1)) tokens/s over \(Stopwatch.text(report.seconds))")
        Output.line("Checksum  \(report.checksum)\(report.ok ? ", as it must be" : "")")
    }

    private static func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
}
