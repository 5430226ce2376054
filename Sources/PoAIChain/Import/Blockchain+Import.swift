import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

extension Blockchain {
    /// Takes one block in: header, seal by a forward pass, state, then the disk. When it is a new head the subscribers
    /// were told before this returns. Blocks that waited for it follow it in.
    ///
    /// - Parameter evaluation: the forward pass of the block's quiz when the caller just ran it, as the miner did.
    /// - Throws: when the chain could not be written or the passes not be run; nothing of the block is stored then.
    public func `import`(
        _ block: Block, evaluation: SealEvaluation? = nil
    ) throws(ChainError) -> ImportOutcome {
        let known = evaluation.map { [block.hash: $0] } ?? [:]
        return try importAndAdopt([block], known).first ?? .alreadyKnown
    }

    /// Takes blocks in, parents before children. Their seals are run in batches, and all that are right are stored in one
    /// transaction.
    ///
    /// - Returns: the outcome of each block.
    /// - Throws: as `import`; nothing of the batch is stored then.
    public func importBatch(_ blocks: [Block]) throws(ChainError) -> [ImportOutcome] {
        try importAndAdopt(blocks, [:])
    }

    /// How many blocks wait for their parent.
    public var orphanCount: Int { orphans.withLock { $0.count } }

    private func importAndAdopt(
        _ blocks: [Block], _ known: [Hash32: SealEvaluation]
    ) throws(ChainError) -> [ImportOutcome] {
        try storeAndAdopt(try checked(blocks, known, after: []))
    }

    /// Judges headers and runs the seals of blocks, parents before children; nothing is stored.
    ///
    /// - Parameter earlier: batches handed to `store` before this one, whose blocks may not be stored yet.
    /// - Throws: when the chain could not be read or the passes not be run.
    public func verifyBatch(
        _ blocks: [Block], after earlier: [VerifiedBatch] = []
    ) throws(ChainError) -> VerifiedBatch {
        VerifiedBatch(batch: try checked(blocks, [:], after: earlier.map(\.batch)))
    }

    /// Executes and stores a batch; with `verifyBatch` before it is the same as `importBatch`, also when an earlier batch
    /// was not stored as its verification let expect.
    ///
    /// - Returns: the outcome of each block.
    /// - Throws: when the chain could not be written; nothing of the batch is stored then.
    public func store(_ verified: VerifiedBatch) throws(ChainError) -> [ImportOutcome] {
        try storeAndAdopt(verified.batch)
    }

    private func checked(
        _ blocks: [Block], _ known: [Hash32: SealEvaluation], after earlier: [ImportBatch]
    ) throws(ChainError) -> ImportBatch {
        var batch = ImportBatch(blocks)
        try checkHeaders(&batch, after: earlier)
        try verifySeals(&batch, known)
        return batch
    }

    private func storeAndAdopt(_ checked: ImportBatch) throws(ChainError) -> [ImportOutcome] {
        var batch = checked
        try refuseOrphansOfInvalid(&batch)
        try store(&batch)
        keepOrphans(&batch)
        var arrived = batch.arrivedHashes + (try lateParents(of: batch))
        while !arrived.isEmpty {
            let adopted = orphans.withLock { pool in arrived.flatMap { pool.takeChildren(of: $0) } }
            if adopted.isEmpty { break }
            var next = try self.checked(adopted, [:], after: [])
            try store(&next)
            keepOrphans(&next)
            batch.replaceOrphans(by: next)
            arrived = next.arrivedHashes + (try lateParents(of: next))
        }
        return batch.entries.map { $0.outcome ?? .alreadyKnown }
    }

    /// A parent that was not known when the batch was checked may have been found invalid since.
    private func refuseOrphansOfInvalid(_ batch: inout ImportBatch) throws(ChainError) {
        guard batch.entries.contains(where: { if case .orphan? = $0.outcome { true } else { false } }) else { return }
        var judged = batch
        try reader.read { (snapshot) throws(StorageError) in
            for index in judged.entries.indices {
                let entry = judged.entries[index]
                guard case .orphan? = entry.outcome else { continue }
                if let fault = judged.failedAncestor(of: entry) {
                    judged.entries[index].outcome = .rejected(fault)
                } else if try ChainTables.invalid.contains(entry.parent, in: snapshot) {
                    judged.entries[index].outcome = .rejected(.invalidAncestor(entry.parent))
                }
            }
        }
        batch = judged
    }

    /// Parents that another thread stored after they were found missing here, and too early to find the orphan waiting.
    private func lateParents(of batch: ImportBatch) throws(ChainError) -> [Hash32] {
        let parents = batch.entries.compactMap { entry in
            if case .orphan? = entry.outcome { entry.parent } else { nil }
        }
        if parents.isEmpty { return [] }
        return try reader.read { (snapshot) throws(StorageError) in
            var stored: [Hash32] = []
            for parent in parents where try ChainTables.headers.contains(parent, in: snapshot) { stored.append(parent) }
            return stored
        }
    }

    /// Blocks of unknown parents wait in the pool; what waits for an invalid block is dropped.
    private func keepOrphans(_ batch: inout ImportBatch) {
        orphans.withLock { pool in
            for index in batch.entries.indices {
                let entry = batch.entries[index]
                switch entry.outcome {
                case .orphan:
                    pool.insert(entry.block, hash: entry.hash)
                    batch.entries[index].outcome = .orphan(missing: pool.missingAncestor(of: entry.parent))
                case .rejected(let fault) where fault.isPermanent:
                    pool.dropDescendants(of: entry.hash)
                default: break
                }
            }
        }
    }

    /// Stores the verified blocks in one transaction and makes the outcome visible.
    private func store(_ batch: inout ImportBatch) throws(ChainError) {
        guard batch.entries.contains(where: { $0.needsStoring }) else { return }
        var staged = batch
        let changes = try writing.withLock { _ throws(ChainError) in
            let head = try storing { () throws(StorageError) in
                try reader.folder.environment.write { (transaction) throws(StorageError) in
                    .commit(try place(&staged, in: transaction))
                }
            }
            let changes = staged.headChanges
            if let head { setHead(head) }
            events.enqueue(changes)
            return changes
        }
        batch = staged
        if !changes.isEmpty { events.deliver() }
    }

    /// Places every verified block; returns the head if it is a new one.
    private func place(
        _ batch: inout ImportBatch, in transaction: WriteTransaction
    ) throws(StorageError) -> ChainHead? {
        var writer = try BlockWriter(spec: spec, transaction: transaction)
        let before = writer.head
        for index in batch.entries.indices where batch.entries[index].needsStoring {
            let entry = batch.entries[index]
            recoverSenders(after: index, of: batch)
            if let outcome = try outcomeBefore(entry, in: batch, transaction) {
                batch.entries[index].outcome = outcome
                continue
            }
            if let fault = batch.failedAncestor(of: entry) {
                batch.entries[index].outcome = .rejected(fault)
            } else if let verified = entry.verified {
                let placement = try writer.place(verified)
                batch.entries[index].outcome = try outcome(placement, transaction)
            }
            if entry.sealFault != nil, case .rejected(let fault)? = batch.entries[index].outcome {
                try writer.markInvalid(entry.hash, fault)
            }
        }
        try writer.finish(pruneDepth: options.pruneDepth)
        return writer.head == before ? nil : try ChainReader.head(writer.head.hash, spec, transaction)
    }

    /// Lets other cores begin with the signatures of the next block while one is executed.
    private func recoverSenders(after index: Int, of batch: ImportBatch) {
        guard index + 1 < batch.entries.count, let next = batch.entries[index + 1].verified else { return }
        if next.block.transactions.count >= SenderRecovery.parallelFrom { next.recovered.begin() }
    }

    /// The outcome of a block of which something else became known, or whose parent was not stored, since it was checked.
    private func outcomeBefore(
        _ entry: ImportBatch.Entry, in batch: ImportBatch, _ transaction: WriteTransaction
    ) throws(StorageError) -> ImportOutcome? {
        if let reason = try ChainTables.invalid.get(entry.hash, in: transaction) {
            return .rejected(.knownInvalid(String(decoding: reason.bytes, as: UTF8.self)))
        }
        if batch.failedAncestor(of: entry) != nil { return nil }
        if try ChainTables.headers.contains(entry.parent, in: transaction) { return nil }
        if try ChainTables.invalid.contains(entry.parent, in: transaction) {
            return .rejected(.invalidAncestor(entry.parent))
        }
        return .orphan(missing: entry.parent)
    }

    private func outcome(
        _ placement: BlockWriter.Placement, _ transaction: WriteTransaction
    ) throws(StorageError) -> ImportOutcome {
        switch placement {
        case .sideBranch: .sideBranch
        case .alreadyKnown: .alreadyKnown
        case .rejected(let fault): .rejected(fault)
        case .reorgTooDeep(let fork, let oldest): .reorgTooDeep(forkHeight: fork, oldestKept: oldest)
        case .newHead(let removed, let added):
            .newHead(
                HeadChange(
                    head: try ChainReader.head(try ChainTables.head(in: transaction), spec, transaction),
                    removed: removed, added: added))
        }
    }
}
