import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Adds verified blocks to the database within one write transaction, and moves the head when a branch has more work.
///
/// A fault of a block is found before anything of it is written; only errors of the storage abort the transaction.
struct BlockWriter {
    let spec: ChainSpec
    let transaction: WriteTransaction
    /// The head as of this transaction.
    private(set) var head: BlockReference
    private var headWork: UInt256
    private var headHeader: BlockHeader

    init(spec: ChainSpec, transaction: WriteTransaction) throws(StorageError) {
        self.spec = spec
        self.transaction = transaction
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

    /// Removes bodies, receipts and undo records except those of the last `depth` blocks.
    func prune(depth: UInt64) throws(StorageError) {
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

    /// Takes the canonical chain back to where the block's branch leaves it, and goes up the branch. The branch is tried in
    /// memory first, so that a fault in it changes nothing but the marks of its blocks.
    private mutating func reorganize(to tip: VerifiedBlock, work: UInt256) throws(StorageError) -> Placement {
        let branch = try branchBelow(tip)
        let oldest = try ChainTables.oldestKept(in: transaction)
        guard branch.forkHeight + 1 >= oldest else {
            return .reorgTooDeep(forkHeight: branch.forkHeight, oldestKept: oldest)
        }
        if let failure = try tryBranch(branch.blocks, from: branch.forkHeight) {
            try markInvalid(branch.blocks[failure.index].hash, failure.fault)
            let bad = branch.blocks[failure.index].hash
            for descendant in branch.blocks[(failure.index + 1)...] {
                try markInvalid(descendant.hash, .invalidAncestor(bad))
            }
            return .rejected(bad == tip.hash ? failure.fault : .invalidAncestor(bad))
        }
        var removed: [BlockReference] = []
        while head.number > branch.forkHeight {
            removed.append(head)
            try disconnect()
        }
        try store(tip, work: work)
        var added: [BlockReference] = []
        for block in branch.blocks {
            guard case .success(let executed) = try execute(block) else {
                throw .misuse("block \(block.hash) executed in memory but not in the database")
            }
            try connect(executed, work: try transaction.requireWork(block.hash))
            added.append(head)
        }
        return .newHead(removed: removed, added: added)
    }

    /// Executes a child of the head.
    private func execute(_ verified: VerifiedBlock) throws(StorageError) -> Result<Executed, BlockFault> {
        let parent = ParentState(
            source: StoredState(transaction), header: headHeader, ancestors: BranchHashes(snapshot: transaction))
        return try Execution.execute(verified, on: parent, spec: spec)
    }

    private struct Branch {
        /// Height of the last common block.
        var forkHeight: UInt64
        /// Upwards from the first block that is not canonical to the tip.
        var blocks: [VerifiedBlock]
    }

    private func branchBelow(_ tip: VerifiedBlock) throws(StorageError) -> Branch {
        var blocks = [tip]
        var current = tip.block.header
        while current.number > 0 {
            let parent = current.parentHash
            if try ChainTables.canonical.get(current.number - 1, in: transaction) == parent {
                return Branch(forkHeight: current.number - 1, blocks: blocks.reversed())
            }
            let block = try transaction.requireBlock(parent)
            blocks.append(VerifiedBlock(stored: block, hash: parent))
            current = block.header
        }
        throw transaction.inconsistent("the branch of block \(tip.hash) has another genesis")
    }

    private func forkHeight(below tip: BlockHeader) throws(StorageError) -> UInt64 {
        var current = tip
        while current.number > 0 {
            if try ChainTables.canonical.get(current.number - 1, in: transaction) == current.parentHash {
                return current.number - 1
            }
            current = try transaction.requireHeader(current.parentHash)
        }
        return 0
    }

    /// Executes a branch in memory on the state at its fork; nil if all of it is right.
    private func tryBranch(
        _ blocks: [VerifiedBlock], from forkHeight: UInt64
    ) throws(StorageError) -> (index: Int, fault: BlockFault)? {
        let state = StateOverlay(on: StoredState(transaction))
        var height = head.number
        while height > forkHeight {
            state.apply(try transaction.requireUndo(height).change)
            height -= 1
        }
        var parent = try transaction.requireHeader(try transaction.requireCanonical(forkHeight))
        let hashes = BranchHashes(snapshot: transaction, branchStart: forkHeight + 1, branch: blocks.map(\.hash))
        for (index, block) in blocks.enumerated() {
            if let reason = try ChainTables.invalid.get(block.hash, in: transaction) {
                return (index, .knownInvalid(String(decoding: reason.bytes, as: UTF8.self)))
            }
            let below = ParentState(source: state, header: parent, ancestors: hashes)
            switch try Execution.execute(block, on: below, spec: spec) {
            case .failure(let fault): return (index, fault)
            case .success(let executed): state.apply(executed.change)
            }
            parent = block.block.header
        }
        return nil
    }

    /// Begins the chain of an empty database; the genesis state is written by the caller.
    static func storeGenesis(_ genesis: Block, in transaction: WriteTransaction) throws(StorageError) {
        let hash = genesis.hash
        let work = ForkChoice.work(bits: genesis.header.bits)
        try store(VerifiedBlock(stored: genesis, hash: hash), work: work, in: transaction)
        try ChainTables.canonical.put(0, hash, in: transaction)
        try ChainTables.setHead(hash, in: transaction)
    }

    private func store(_ verified: VerifiedBlock, work: UInt256) throws(StorageError) {
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
    private mutating func connect(_ executed: Executed, work: UInt256) throws(StorageError) {
        let number = executed.block.header.number
        let encoded = EncodedRecords(of: executed)
        try ChainTables.apply(executed.change, in: transaction)
        let records = encoded.result()
        try ChainTables.undo.put(number, storedBytes: records.undo, in: transaction)
        try ChainTables.canonical.put(number, executed.hash, in: transaction)
        try ChainTables.setHead(executed.hash, in: transaction)
        try BlockBody.index(executed, records, in: transaction)
        head = BlockReference(number: number, hash: executed.hash)
        headWork = work
        headHeader = executed.block.header
    }

    /// Makes the head's parent the head.
    private mutating func disconnect() throws(StorageError) {
        let undo = try transaction.requireUndo(head.number)
        guard undo.blockHash == head.hash else {
            throw transaction.inconsistent("the undo record of height \(head.number) is of block \(undo.blockHash)")
        }
        let block = try transaction.requireBlock(head.hash)
        let parent = block.header.parentHash
        for sent in block.transactions { try ChainTables.transactions.delete(sent.hash, in: transaction) }
        try ChainTables.apply(undo.change, in: transaction)
        try ChainTables.undo.delete(head.number, in: transaction)
        try ChainTables.canonical.delete(head.number, in: transaction)
        try ChainTables.setHead(parent, in: transaction)
        head = BlockReference(number: head.number - 1, hash: parent)
        headWork = try transaction.requireWork(parent)
        headHeader = try transaction.requireHeader(parent)
    }
}
