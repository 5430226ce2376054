import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Leaving one branch for another.
extension BlockWriter {
    /// Takes the canonical chain back to where the block's branch leaves it, and goes up the branch. The branch is tried in
    /// memory first, so that a fault in it changes nothing but the marks of its blocks.
    mutating func reorganize(to tip: VerifiedBlock, work: UInt256) throws(StorageError) -> Placement {
        try flush()
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

    func forkHeight(below tip: BlockHeader) throws(StorageError) -> UInt64 {
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

    /// Makes the head's parent the head; everything gathered was written before.
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
