import ArgumentParser
import PoAIStateTest
import Synchronization

struct StateTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statetest", abstract: "Run state tests of the Ethereum project, and say which fail.",
        discussion: """
            The format is that of the GeneralStateTests of ethereum/tests. A file that cannot be read counts as failed. \
            Cases that need blobs (EIP-4844) are skipped, as this chain has none.
            """)

    @Argument(help: ArgumentHelp("A JSON file, or a folder of them.", valueName: "path"))
    var path: String

    @Option(
        help: ArgumentHelp("Rules to run: only Cancun, those of this chain.", valueName: "fork"),
        transform: { text in
            guard let fork = StateTestFork(rawValue: text) else {
                throw ValidationError("this chain has the rules of Cancun only")
            }
            return fork
        })
    var fork = StateTestFork.cancun

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        struct Failed: Encodable {
            var file: String
            var test: String
            var reason: String
        }

        var files: Int
        var cases: Int
        var passed: Int
        var failed: Int
        var skipped: Int
        /// Tests without a case for the fork.
        var otherForks: Int
        /// Why how many were skipped.
        var skips: [String: Int]
        var failures: [Failed]
    }

    func run() throws {
        let files = try StateTestRunner.files(at: path)
        let progress = Mutex(ProgressLine())
        let summary = StateTestRunner(fork: fork).run(files) { done, summary in
            progress.withLock { line in
                line.show("\(done) of \(files.count) files, \(summary.passed) passed, \(summary.failed) failed")
            }
        }
        progress.withLock { $0.clear() }
        if json { try JSONLine.print(Self.report(summary)) } else { Self.print(summary) }
        guard summary.failed == 0 else {
            throw Failure(
                "statetest: \(summary.failed) of \(summary.cases) cases failed (run one of their files by itself to see more)"
            )
        }
    }

    private static func report(_ summary: StateTestSummary) -> Report {
        Report(
            files: summary.files, cases: summary.cases, passed: summary.passed, failed: summary.failed,
            skipped: summary.skipped, otherForks: summary.otherForks,
            skips: Dictionary(uniqueKeysWithValues: summary.skips.map { ($0.rawValue, $1) }),
            failures: summary.failures.map { Report.Failed(file: $0.file, test: $0.test, reason: $0.reason) })
    }

    private static func print(_ summary: StateTestSummary) {
        for failure in summary.failures { Output.line("FAILED \(failure)") }
        Output.line(
            "\(summary.files) files, \(summary.cases) cases: \(summary.passed) passed, \(summary.failed) failed, "
                + "\(summary.skipped) skipped")
        for (skip, count) in summary.skips.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            Output.line("  \(count) skipped: \(skip)")
        }
        if summary.otherForks > 0 { Output.line("  \(summary.otherForks) tests are for other rules only") }
    }
}
