import ArgumentParser
import Foundation
import PoAIChain
import PoAINode

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in blocks from a file that 'poaid export' wrote.",
        discussion: """
            Every block is checked as if it came from a stranger, its seal by a forward pass. A data folder without a chain \
            gets a new one, with the rules that --network and its like name.
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var model: ModelOptions

    @Option(help: ArgumentHelp("Keep this many recent blocks and states; 0 keeps all.", valueName: "count"))
    var pruneDepth: UInt64 = 0

    @Argument(help: "The file to read.")
    var file: String

    func run() throws {
        guard access(file, R_OK) == 0 else {
            throw Failure("\(file): cannot read it: \(String(cString: strerror(errno))) (check the path)")
        }
        let spec = try network.spec(dataDirectory: data.dataDir)
        let work = try WorkEngine.open(
            modelPath: model.modelPath, spec: spec, threads: model.threadCount, kernel: model.chosenKernel)
        var options = Blockchain.Options()
        options.pruneDepth = pruneDepth
        let chain = try Blockchain(
            dataDirectory: data.dataDir, spec: spec, evaluator: WorkSealEvaluator(work), options: options)
        let stopwatch = Stopwatch()
        let progress = ProgressLine()
        defer { progress.clear() }
        let result = try chain.importFile(path: file) { done in
            progress.show("\(done.read) blocks read, head \(done.head.number)")
        }
        progress.clear()
        Output.line(
            "\(result.read) blocks read, \(result.added) of them new, in \(Stopwatch.text(stopwatch.seconds)); "
                + "the chain ends at \(result.head)")
    }
}
