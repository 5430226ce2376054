import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Adds verified blocks to the database within one write transaction, and moves the head when a branch has more work.
///
/// A fault of a block is found before anything of it is written; only errors of the storage abort the transaction. State and
/// records are gathered; `finish` writes what is left of them and comes before the commit.
struct BlockWriter {
    let spec: ChainSpec
    let transaction: WriteTransaction
    private let buffer: StateBuffer
    /// Of blocks that were connected; another core is at them.
    private var records: [OneTimeWork<EncodedRecords>] = []
    /// The head as of this transaction.
    var head: BlockReference
    var headWork: UInt256
    var headHeader: BlockHeader

    init(spec: ChainSpec, transaction: WriteTransaction) throws(StorageError) {
        self.spec = spec
        self.transaction = transaction
        buffer = StateBuffer(transaction)
        let hash = try ChainTables.head(in: transaction)
        let header = try transaction.requireHeader(hash)
        head = BlockReference(number: header.number, hash: hash)
        headHeader = header
        headWork = try transaction.requireWork(hash)
    }

    /// What became of the block in this transaction.
    enum Placement {
        case newHead(removed: [BlockReference], added: [BlockReference])
        case sideBranch
        case alreadyKnown
        case rejected(BlockFault)
        case reorgTooDeep(forkHeight: UInt64, oldestKept: UInt64)
    }

    /// Places a verified block whose parent is stored.
    mutating func place(_ verified: VerifiedBlock) throws(StorageError) -> Placement {
        let header = verified.block.header
        if try ChainTables.headers.contains(verified.hash, in: transaction) { return .alreadyKnown }
        if try ChainTables.invalid.contains(header.parentHash, in: transaction) {
            return .rejected(.invalidAncestor(header.parentHash))
        }
        let oldest = try ChainTables.oldestKept(in: transaction)
        guard header.number >= oldest else {
            // Its branch leaves the chain where nothing can be undone, so it could never win.
            return .reorgTooDeep(forkHeight: try forkHeight(below: header), oldestKept: oldest)
        }
        let parentWork = try transaction.requireWork(header.parentHash)
        guard let work = ForkChoice.totalWork(parentTotal: parentWork, bits: header.bits) else {
            return .rejected(.header(.totalWorkOverflow))
        }
        if header.parentHash == head.hash { return try extend(verified, work: work) }
        if ForkChoice.prefers(candidate: work, over: headWork) { return try reorganize(to: verified, work: work) }
        try store(verified, work: work)
        return .sideBranch
    }

    /// Remembers that a block is invalid, and why.
    func markInvalid(_ hash: Hash32, _ fault: BlockFault) throws(StorageError) {
        try ChainTables.invalid.put(hash, StoredBytes(Array(fault.description.utf8)), in: transaction)
    }

    /// Writes everything gathered, and removes bodies, receipts and undo records except those of the last `depth` blocks.
    mutating func finish(pruneDepth depth: UInt64) throws(StorageError) {
        try flush()
        guard depth > 0, head.number >= depth else { return }
        try ChainTables.prune(
            below: head.number - depth + 1, limit: 10_000, in: transaction,
            transactionsOf: BlockBody.transactionHashes)
    }

    private mutating func extend(_ verified: VerifiedBlock, work: UInt256) throws(StorageError) -> Placement {
        switch try execute(verified) {
        case .failure(let fault):
            try markInvalid(verified.hash, fault)
            return .rejected(fault)
        case .success(let executed):
            try store(verified, work: work)
            try connect(executed, work: work)
            return .newHead(removed: [], added: [head])
        }
    }

    /// Executes a child of the head.
    func execute(_ verified: VerifiedBlock) throws(StorageError) -> Result<Executed, BlockFault> {
        let parent = ParentState(
            source: buffer.state, header: headHeader, ancestors: BranchHashes(snapshot: transaction))
        return try Execution.execute(verified, on: parent, spec: spec)
    }

    /// Begins the chain of an empty database; the genesis state is written by the caller.
    static func storeGenesis(_ genesis: Block, in transaction: WriteTransaction) throws(StorageError) {
        let hash = genesis.hash
        let work = ForkChoice.work(bits: genesis.header.bits)
        try store(VerifiedBlock(stored: genesis, hash: hash), work: work, in: transaction)
        try ChainTables.canonical.put(0, hash, in: transaction)
        try ChainTables.setHead(hash, in: transaction)
    }

    func store(_ verified: VerifiedBlock, work: UInt256) throws(StorageError) {
        try Self.store(verified, work: work, in: transaction)
    }

    private static func store(
        _ verified: VerifiedBlock, work: UInt256, in transaction: WriteTransaction
    ) throws(StorageError) {
        let header = verified.block.header
        try ChainTables.headers.put(verified.hash, header, in: transaction)
        try ChainTables.bodies.put(verified.hash, StoredBytes(BlockBody.bytes(of: verified.block)), in: transaction)
        try ChainTables.work.put(verified.hash, work, in: transaction)
        try ChainTables.heights.put(
            HeightAndHash(height: header.number, hash: verified.hash), StoredBytes([]), in: transaction)
    }

    /// Makes an executed child of the head the head.
    mutating func connect(_ executed: Executed, work: UInt256) throws(StorageError) {
        let number = executed.block.header.number
        records.append(EncodedRecords.encoding(executed))
        try buffer.apply(executed.change)
        if records.count > 1 { try BlockBody.store(records.removeFirst().result, in: transaction) }
        try ChainTables.canonical.put(number, executed.hash, in: transaction)
        try ChainTables.setHead(executed.hash, in: transaction)
        head = BlockReference(number: number, hash: executed.hash)
        headWork = work
        headHeader = executed.block.header
    }

    mutating func flush() throws(StorageError) {
        try buffer.flush()
        for encoded in records { try BlockBody.store(encoded.result, in: transaction) }
        records = []
    }
}
