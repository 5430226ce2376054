import ArgumentParser
import PoAINode
import PoAIPrimitives
import PoAIRPC

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a node that mines (the default command).",
        discussion: "Stop it with Ctrl-C. Everything it announced is on disk then, and also after a power cut.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var network: NetworkOptions

    @Option(
        help: ArgumentHelp("Who is paid: 40 hex digits, with or without 0x.", valueName: "address"),
        transform: Arguments.address)
    var minerAddress: Address?

    @Flag(help: "Keep the chain without mining on it.")
    var noMine = false

    @Option(
        help: ArgumentHelp(
            "Quizzes that go through the model together; \(WorkEngine.defaultBatchSize) unless given.",
            valueName: "count"),
        transform: Arguments.batchSize)
    var batchSize = WorkEngine.defaultBatchSize

    @Option(help: ArgumentHelp("Keep this many recent blocks and states; 0 keeps all.", valueName: "count"))
    var pruneDepth: UInt64 = 0

    @Option(help: ArgumentHelp("End when the chain has this height.", valueName: "height"))
    var stopAtHeight: UInt64?

    @Option(help: "Log lines for people or for programs.")
    var logFormat = LogFormat.text

    /// For tests of nodes whose clocks are wrong.
    @Option(help: .hidden)
    var clockOffset: Int32 = 0

    @OptionGroup(title: "JSON-RPC") var server: ServerOptions

    @OptionGroup(title: "Other nodes") var peers: PeerOptions

    @OptionGroup(title: "Not in this version") var missing: MissingParts

    func validate() throws {
        if minerAddress == nil, !noMine {
            throw ValidationError(
                "--miner-address: it is missing, so nobody would be paid "
                    + "(make an address with 'poaid generate-key --save', or run with --no-mine)")
        }
    }

    func run() throws {
        var configuration = NodeConfiguration(
            dataDirectory: data.dataDir, spec: try network.spec(dataDirectory: data.dataDir),
            modelPath: model.modelPath, minerAddress: minerAddress, threads: model.threadCount)
        configuration.batchSize = batchSize
        configuration.kernel = model.chosenKernel
        configuration.pruneDepth = pruneDepth
        configuration.stopAtHeight = stopAtHeight
        configuration.logFormat = logFormat
        configuration.mines = !noMine
        configuration.clockOffset = Int64(clockOffset)
        configuration.rpc = server.configuration
        configuration.p2p = peers.configuration(for: configuration.spec)
        configuration.mempool.minimumTip = server.minTip
        _ = try NodeRunner(configuration).run()
    }
}

extension LogFormat: ExpressibleByArgument {}
