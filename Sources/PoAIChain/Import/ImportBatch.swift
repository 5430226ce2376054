import PoAIConsensus
import PoAIPrimitives
import PoAITypes

/// Blocks whose headers and seals were judged and that are not stored yet. Only `Blockchain.verifyBatch` makes it.
public struct VerifiedBatch: Sendable {
    let batch: ImportBatch
}

/// Blocks on their way in, with what is known about each so far.
struct ImportBatch: Sendable {
    struct Entry: Sendable {
        let block: Block
        let hash: Hash32
        /// Header and cheap rules are right.
        var checked: HeaderChecked?
        /// The forward pass says so too.
        var verified: VerifiedBlock?
        /// The forward pass says otherwise: to be remembered.
        var sealFault: HeaderFault?
        /// Final once set.
        var outcome: ImportOutcome?

        var parent: Hash32 { block.header.parentHash }
        /// Something about it is to be written.
        var needsStoring: Bool { verified != nil || sealFault != nil }
    }

    var entries: [Entry]

    init(_ blocks: [Block]) {
        entries = blocks.map { Entry(block: $0, hash: $0.hash) }
    }

    /// Why a block cannot be right: it builds on one of this batch that is not.
    func failedAncestor(of entry: Entry) -> BlockFault? {
        for other in entries where other.hash == entry.parent {
            if case .rejected(let fault)? = other.outcome, fault.isPermanent { return .invalidAncestor(other.hash) }
        }
        return nil
    }

    /// Takes over what became of blocks that were orphans here and were adopted since.
    mutating func replaceOrphans(by adopted: ImportBatch) {
        for index in entries.indices {
            guard case .orphan? = entries[index].outcome else { continue }
            for other in adopted.entries where other.hash == entries[index].hash {
                entries[index].outcome = other.outcome
            }
        }
    }

    /// Blocks that are stored now.
    var arrivedHashes: [Hash32] {
        entries.filter {
            switch $0.outcome {
            case .newHead, .sideBranch: true
            default: false
            }
        }.map(\.hash)
    }

    /// New heads in their order.
    var headChanges: [HeadChange] {
        entries.compactMap { if case .newHead(let change)? = $0.outcome { change } else { nil } }
    }
}
