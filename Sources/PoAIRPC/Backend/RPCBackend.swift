import PoAIChain
import PoAIPrimitives
import PoAITypes

/// What the methods work on.
public struct RPCBackend: Sendable {
    /// The chain.
    public var chain: Blockchain
    /// Transactions that wait; nil: none are taken.
    public var pool: (any TransactionPool)?
    /// The miner; nil: this node does not mine.
    public var mining: (any MiningControl)?
    /// Makes quizzes; nil: no model at hand.
    public var quizzes: (any QuizSource)?
    /// Name and version for people, such as `poaid/0.3.0/linux`.
    public var clientVersion: String
    /// The network of nodes; nil: this node has none.
    public var network: (any NetworkControl)?
    /// How far the node is behind; nil when it is not.
    public var syncProgress: @Sendable () -> SyncProgress? = { nil }
    /// Time since some moment, which never goes back: for time limits and the expiry of filters.
    public var uptime: @Sendable () -> Duration
    /// Bounds of what a call may take.
    public var limits = RPCLimits()

    /// A backend of a chain; all else may be set afterwards.
    public init(
        chain: Blockchain, pool: (any TransactionPool)? = nil, mining: (any MiningControl)? = nil,
        quizzes: (any QuizSource)? = nil, clientVersion: String
    ) {
        (self.chain, self.pool, self.mining, self.quizzes) = (chain, pool, mining, quizzes)
        self.clientVersion = clientVersion
        let start = ContinuousClock.now
        uptime = { ContinuousClock.now - start }
    }
}

/// Bounds of what a call may take.
public struct RPCLimits: Hashable, Sendable {
    /// Gas of a call without transaction.
    public var callGas: UInt64 = 50_000_000
    /// Time for a call: looked at between executions and between blocks, and when a call reads state.
    public var callTime: Duration = .seconds(5)
    /// Blocks that one search for logs may cover.
    public var logBlocks: UInt64 = 10_000
    /// Logs that one answer may have.
    public var logCount = 10_000
    /// Blocks that one fee history may cover.
    public var feeHistoryBlocks: UInt64 = 1024
    /// Installed filters.
    public var filters = 1000
    /// How long a filter lives that nobody polls.
    public var filterLifetime: Duration = .seconds(300)
    /// Hashes of pending transactions that wait for the poll of a filter; the oldest are dropped.
    public var filterBacklog = 10_000
    /// Bytes of a trace, roughly.
    public var traceBytes = 64 << 20
    /// Storage slots of one proof.
    public var proofSlots = 1024
    /// Bytes of a transaction handed in.
    public var transactionBytes = 128 << 10

    /// The defaults.
    public init() {}
}

/// How far a node that is behind has come.
public struct SyncProgress: Hashable, Sendable {
    /// Height where it began.
    public var startingBlock: UInt64
    /// Height of its head.
    public var currentBlock: UInt64
    /// Height of the best chain it knows of.
    public var highestBlock: UInt64

    /// Puts the heights together.
    public init(startingBlock: UInt64, currentBlock: UInt64, highestBlock: UInt64) {
        (self.startingBlock, self.currentBlock, self.highestBlock) = (startingBlock, currentBlock, highestBlock)
    }
}
