import ArgumentParser
import PoAIChain
import PoAINode
import PoAIPrimitives
import PoAITypes
import PoAIWork

struct QuizCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quiz", abstract: "Show the quiz of a block or a seed, and what the model makes of it.")

    @Option(help: ArgumentHelp("The quiz of the block at this height.", valueName: "height"))
    var height: UInt64?

    @Option(
        help: ArgumentHelp("The quiz of the block with this hash.", valueName: "hash"), transform: Arguments.hash)
    var block: Hash32?

    @Option(help: ArgumentHelp("The quiz of this seed: 64 hex digits.", valueName: "hex"), transform: Arguments.hash)
    var seed: Hash32?

    @Option(
        help: ArgumentHelp(
            "With --seed: so many quizzes, of seeds derived from it; 1 unless given.", valueName: "count"),
        transform: Arguments.positive)
    var count = 1

    @OptionGroup var data: DataOptions
    @OptionGroup var model: ModelOptions

    @Flag(help: "Leave the forward pass out.")
    var noPass = false

    @Flag(help: .hidden)
    var unsalted = false

    @Flag(help: "Print JSON, one line for each quiz.")
    var json = false

    func validate() throws {
        guard [height != nil, block != nil, seed != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("--height, --block, --seed: give one of them to name the quiz")
        }
        if count > 1, seed == nil { throw ValidationError("--count: it goes with --seed (drop it)") }
    }

    func run() throws {
        var subject: QuizBlock?
        var spec = try ChainSpec.embedded(.devnet)
        if seed == nil {
            let reader = try ChainReader(dataDirectory: data.dataDir)
            spec = reader.spec
            if let height { subject = try QuizBlock(height: height, in: reader) }
            if let block { subject = try QuizBlock(hash: block, in: reader) }
        }
        guard let first = seed ?? subject?.seal.quizSeed else { return }
        let source = try QuizSource(
            spec: spec, height: subject?.header.number ?? 1, model: model, isSalted: !unsalted, hasPass: !noPass)
        for start in stride(from: 0, to: count, by: WorkEngine.defaultBatchSize) {
            let end = min(start + WorkEngine.defaultBatchSize, count)
            for var report in try source.reports((start..<end).map { Self.seed(first, $0) }) {
                if let subject { report.add(subject) }
                try print(report)
            }
        }
    }

    /// Seed 0 is `first` itself, seed i Keccak-256 of it and i as 8 bytes big-endian.
    static func seed(_ first: Hash32, _ index: Int) -> Hash32 {
        guard index > 0 else { return first }
        var hasher = Keccak256Hasher()
        hasher.update(first)
        withUnsafeBytes(of: UInt64(index).bigEndian) { hasher.update($0) }
        return hasher.finalize()
    }

    private func print(_ report: QuizReport) throws {
        if json { try JSONLine.print(report) } else { (report.lines + (count > 1 ? [""] : [])).forEach(Output.line) }
    }
}
