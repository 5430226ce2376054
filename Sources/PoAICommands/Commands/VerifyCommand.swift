import ArgumentParser
import PoAIChain
import PoAINode

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every stored block again: rules, seal by forward pass, state.",
        discussion: "It trusts nothing but the chain spec, and may run while the node is mining.")

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("First block to check.", valueName: "height"))
    var from: UInt64 = 1

    @Option(help: ArgumentHelp("Last block to check; the head unless given.", valueName: "height"))
    var to: UInt64?

    @OptionGroup var model: ModelOptions

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        var ok = false
        /// Blocks checked without a fault, genesis not counted.
        var blocks: UInt64 = 0
        /// Hash of the head.
        var head: String?
        /// Height of the head.
        var height: UInt64?
        var seconds = 0.0
        /// Absent when all is well.
        var error: String?
    }

    func validate() throws {
        if let to, to < from {
            throw ValidationError("--to: it must not be below --from, got \(to) and \(from)")
        }
    }

    func run() throws {
        let stopwatch = Stopwatch()
        var report = Report()
        do {
            let result = try check()
            (report.ok, report.blocks) = (result.ok, result.blocks)
            (report.head, report.height) = (result.head.hash.hex, result.head.number)
            report.error = result.failure.map {
                "\(data.dataDir): \($0) (restore the folder from a copy, or begin a new one with another --data-dir)"
            }
        } catch {
            report.error = "\(error)"
        }
        report.seconds = stopwatch.seconds
        try print(report)
    }

    private func check() throws -> VerifyReport {
        let reader = try ChainReader(dataDirectory: data.dataDir)
        let height = try reader.head().header.number
        let work = try WorkEngine.open(
            modelPath: model.modelPath, spec: reader.spec, height: max(height, 1), threads: model.threadCount,
            kernel: model.chosenKernel)
        let progress = ProgressLine()
        defer { progress.clear() }
        return try reader.verify(
            from: from, to: to, evaluator: WorkSealEvaluator(work),
            progress: { done, last in progress.show("block \(done) of \(last)") })
    }

    private func print(_ report: Report) throws {
        if json {
            try JSONLine.print(report)
            if !report.ok { throw ExitCode.failure }
        } else if let error = report.error {
            throw Failure(error)
        } else {
            let end = report.height.map { ", the chain ends at \($0) \(report.head ?? "")" } ?? ""
            Output.line("ok: \(report.blocks) blocks checked in \(Stopwatch.text(report.seconds))\(end)")
        }
    }
}
