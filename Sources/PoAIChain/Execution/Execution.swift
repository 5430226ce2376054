import PoAIConsensus
import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// A block whose seal is proven, together with what it does to its parent's state; gas, receipts, logs and state are those
/// that its header names. Only `Execution` makes it.
public struct Executed: Sendable {
    /// The block.
    public let block: Block
    /// Its hash.
    public let hash: Hash32
    /// What it changes.
    public let change: StateChange
    /// What takes it back.
    public let undo: UndoRecord
    /// One for each transaction.
    public let receipts: [Receipt]

    fileprivate init(block: Block, hash: Hash32, change: StateChange, undo: UndoRecord, receipts: [Receipt]) {
        (self.block, self.hash, self.change, self.undo, self.receipts) = (block, hash, change, undo, receipts)
    }
}

/// A block whose header and seal were verified: just now, or before it was stored.
struct VerifiedBlock: Sendable {
    let block: Block
    let hash: Hash32
    /// The block's transactions with their senders, or the first that has none.
    let recovered: OneTimeWork<Result<[RecoveredTransaction], BlockFault>>

    /// A block whose header passed its checks and its forward pass.
    init?(block: Block, proof: SealVerified) {
        guard block.header == proof.header else { return nil }
        self.init(stored: block, hash: block.hash)
    }

    /// A block read back from the database, which holds verified blocks only.
    init(stored block: Block, hash: Hash32) {
        (self.block, self.hash) = (block, hash)
        recovered = OneTimeWork { SenderRecovery.recover(block.transactions) }
    }
}

/// What a block is executed on: the state of its parent.
struct ParentState<Source: StateSource, Ancestors: AncestorHashes> {
    let source: Source
    /// The parent.
    let header: BlockHeader
    let ancestors: Ancestors

    var view: ExecutionView<Source, Ancestors> { ExecutionView(source: source, ancestors: ancestors) }
}

/// Applies blocks to states (docs/spec/state.md).
enum Execution {
    /// What a block does to its parent's state, if that is what its header says.
    static func execute(
        _ verified: VerifiedBlock, on parent: ParentState<some StateSource, some AncestorHashes>, spec: ChainSpec
    ) throws(StorageError) -> Result<Executed, BlockFault> {
        let header = verified.block.header
        let transactions: [RecoveredTransaction]
        switch verified.recovered.result {
        case .success(let recovered): transactions = recovered
        case .failure(let fault): return .failure(fault)
        }
        var builder = BlockBuilder(
            on: parent,
            environment: environment(
                number: header.number, timestamp: header.timestamp, miner: header.miner, after: parent.header,
                baseFee: header.baseFeePerGas, spec: spec))
        for (index, transaction) in transactions.enumerated() {
            if let fault = try builder.append(transaction) {
                return .failure(.transaction(index: index, reason: "\(fault)"))
            }
        }
        let outcome = try builder.finish(spec: spec)
        if let fault = difference(between: header, and: outcome) { return .failure(fault) }
        let undo = UndoRecord(blockHash: verified.hash, change: outcome.inverse)
        return .success(
            Executed(
                block: verified.block, hash: verified.hash, change: outcome.change, undo: undo,
                receipts: outcome.receipts))
    }

    /// The block as contracts see it. PREVRANDAO is the parent's mixHash: the block's own is not known before the search
    /// for its seal, which begins with the state root.
    static func environment(
        number: UInt64, timestamp: UInt64, miner: Address, after parent: BlockHeader, baseFee: UInt256, spec: ChainSpec
    ) -> BlockEnvironment {
        BlockEnvironment(
            number: number, timestamp: timestamp, miner: miner, gasLimit: spec.genesisGasLimit, baseFee: baseFee,
            prevRandao: parent.mixHash, chainID: spec.chainID)
    }

    /// The genesis state, and its root.
    static func genesis(_ spec: ChainSpec) throws(StorageError) -> (change: StateChange, root: Hash32) {
        let accounts = spec.alloc.map { AccountChange($0.address, Account(balance: $0.wei)) }
        return try StateChange.setting(accounts, on: EmptyState(), root: EmptyTrie.root)
    }

    /// The first thing that a header says otherwise.
    private static func difference(between header: BlockHeader, and outcome: BlockOutcome) -> BlockFault? {
        if header.gasUsed != outcome.gasUsed { return .gasUsed(got: header.gasUsed, expected: outcome.gasUsed) }
        if header.receiptsRoot != outcome.receiptsRoot {
            return .receiptsRoot(got: header.receiptsRoot, expected: outcome.receiptsRoot)
        }
        if header.logsBloom != outcome.logsBloom { return .logsBloom }
        if header.stateRoot != outcome.stateRoot {
            return .stateRoot(got: header.stateRoot, expected: outcome.stateRoot)
        }
        return nil
    }
}
