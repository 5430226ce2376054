import PoAIInference
import PoAIMempool
import PoAIPrimitives
import PoAIRPC
import PoAITypes

/// What a node is told when it starts.
public struct NodeConfiguration: Sendable {
    /// Folder of the chain database.
    public var dataDirectory: String
    /// The network's rules.
    public var spec: ChainSpec
    /// The model file.
    public var modelPath: String
    /// Who is paid for blocks mined here.
    public var minerAddress: Address?
    /// Threads of a forward pass.
    public var threads: Int
    /// Quizzes of one pass through the weights.
    public var batchSize = WorkEngine.defaultBatchSize
    /// The kernel; the fastest unless told otherwise.
    public var kernel: Kernel = .best
    /// Bodies and undo records of so many recent blocks are kept; 0 keeps all.
    public var pruneDepth: UInt64 = 0
    /// Ends the node when the head has this height.
    public var stopAtHeight: UInt64?
    /// How log lines look.
    public var logFormat: LogFormat = .text
    /// Whether the node mines; it needs `minerAddress` then.
    public var mines = true
    /// Where JSON-RPC is served; nil: nowhere.
    public var rpc: RPCServer.Configuration? = RPCServer.Configuration()
    /// Seconds that this node's clock is ahead of the system's; for tests.
    public var clockOffset: Int64 = 0
    /// How other nodes are met; nil: not at all.
    public var p2p: P2PConfiguration?
    /// What the pool of waiting transactions takes.
    public var mempool = MempoolLimits()

    /// The file that keeps the pool while the node does not run.
    public var mempoolPath: String { dataDirectory + "/mempool.rlp" }

    /// A configuration with the defaults for what is not asked here.
    public init(
        dataDirectory: String, spec: ChainSpec, modelPath: String, minerAddress: Address?,
        threads: Int = NodeConfiguration.defaultThreads
    ) {
        self.dataDirectory = dataDirectory
        self.spec = spec
        self.modelPath = modelPath
        self.minerAddress = minerAddress
        self.threads = threads
    }
}

/// Why a node ended without an error.
public enum NodeExit: Sendable, Hashable {
    /// It was asked to by SIGINT or SIGTERM.
    case signal(Int32)
    /// The head has the height that `stopAtHeight` names, or more.
    case reachedHeight(UInt64)
}

/// A configuration that cannot work.
public enum NodeConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Mining without an address to pay.
    case noMinerAddress

    /// The error in one line, with the way out.
    public var description: String {
        switch self {
        case .noMinerAddress:
            "no miner address: give --miner-address (make one with 'poaid generate-key --save'), or --no-mine"
        }
    }
}
