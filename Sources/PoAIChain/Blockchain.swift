import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The chain of one data folder and its one writer: takes blocks in, keeps the branch with the most work, tells of new
/// heads. Safe to use from any thread; imports block their caller for forward passes and disk.
///
/// A block goes one way: header checked → seal verified → executed → stored → head event (docs/architecture.md).
public final class Blockchain: Sendable {
    /// The chain's rules.
    public let spec: ChainSpec
    /// Look-ups.
    public let reader: ChainReader

    let rules: HeaderRules
    let evaluator: any SealEvaluator
    let options: Options
    let events = HeadEvents()
    let orphans: Mutex<OrphanPool>
    /// Held while a write transaction runs and its outcome becomes visible, so that heads follow one another in order.
    let writing = Mutex(())
    private let currentHead: Mutex<ChainHead>

    /// What a node may choose.
    public struct Options: Sendable {
        /// Bodies and undo records of so many recent blocks are kept; 0 keeps all.
        public var pruneDepth: UInt64 = 0
        /// Blocks that may wait for their parent.
        public var orphanCount = 256
        /// Bytes that waiting blocks may take.
        public var orphanBytes = 8 << 20
        /// This node's clock: seconds since 1970.
        public var clock: @Sendable () -> UInt64 = { UInt64(max(0, time(nil))) }

        /// The defaults.
        public init() {}
    }

    /// Opens the chain in `dataDirectory`, or begins it there with the genesis of `spec`.
    /// - Throws: `ChainError.storage` when the folder cannot be used, is in use, or holds another network's chain.
    public init(
        dataDirectory: String, spec: ChainSpec, evaluator: any SealEvaluator, options: Options = Options()
    ) throws(ChainError) {
        (self.spec, self.evaluator, self.options) = (spec, evaluator, options)
        rules = HeaderRules(spec: spec)
        let folder = try storing { () throws(StorageError) in try Self.open(dataDirectory, spec) }
        reader = ChainReader(folder: folder, spec: spec)
        currentHead = Mutex(try reader.head())
        orphans = Mutex(
            OrphanPool(limits: OrphanPool.Limits(count: options.orphanCount, bytes: options.orphanBytes)))
    }

    /// This node's clock: seconds since 1970.
    public var now: UInt64 { options.clock() }

    /// The end of the canonical chain.
    public var head: ChainHead { currentHead.withLock { $0 } }

    /// Calls `receive` for every new head from now on, in order, on the thread of the import that made it. The calls end
    /// when the subscription is cancelled or released.
    public func subscribe(_ receive: @escaping @Sendable (HeadChange) -> Void) -> HeadSubscription {
        HeadSubscription(events, receive)
    }

    /// New heads from now on. If the consumer is slow only the `buffer` newest are kept for it.
    public func headChanges(buffer: Int = 64) -> AsyncStream<HeadChange> {
        AsyncStream(bufferingPolicy: .bufferingNewest(buffer)) { continuation in
            let subscription = subscribe { continuation.yield($0) }
            continuation.onTermination = { _ in subscription.cancel() }
        }
    }

    func setHead(_ head: ChainHead) { currentHead.withLock { $0 = head } }

    private static func open(_ path: String, _ spec: ChainSpec) throws(StorageError) -> DataFolder {
        let (change, root) = try Execution.genesis(spec)
        let genesis = Block(header: spec.genesisHeader(stateRoot: root))
        let identity = DatabaseIdentity(
            network: spec.name, genesisHash: genesis.hash, parametersHash: spec.parametersHash,
            specification: StoredSpec.encode(spec))
        return try DataFolder(path: path, expecting: identity) { (transaction) throws(StorageError) in
            try ChainTables.apply(change, in: transaction)
            try BlockWriter.storeGenesis(genesis, in: transaction)
        }
    }
}
