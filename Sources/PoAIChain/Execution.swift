import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// A block whose seal is proven, together with what it does to its parent's state, which its stateRoot confirms. Only
/// `Execution` makes it.
public struct Executed: Sendable {
    /// The block.
    public let block: Block
    /// Its hash.
    public let hash: Hash32
    /// What it changes.
    public let change: StateChange
    /// What takes it back.
    public let undo: UndoRecord

    fileprivate init(block: Block, hash: Hash32, change: StateChange, undo: UndoRecord) {
        (self.block, self.hash, self.change, self.undo) = (block, hash, change, undo)
    }
}

/// A block whose header and seal were verified: just now, or before it was stored.
struct VerifiedBlock: Sendable {
    let block: Block
    let hash: Hash32

    /// A block whose header passed its checks and its forward pass.
    init?(block: Block, proof: SealVerified) {
        guard block.header == proof.header else { return nil }
        self.block = block
        hash = block.hash
    }

    /// A block read back from the database, which holds verified blocks only.
    init(stored block: Block, hash: Hash32) {
        self.block = block
        self.hash = hash
    }
}

/// Applies blocks to states.
enum Execution {
    /// The state a block leaves, if its header names the same root. `source` is its parent's state, whose trie has
    /// `parentRoot`.
    static func execute(
        _ verified: VerifiedBlock, on source: some StateSource, parentRoot: Hash32, spec: ChainSpec
    ) throws(StorageError) -> Result<Executed, BlockFault> {
        let header = verified.block.header
        let (change, root) = try transition(
            number: header.number, miner: header.miner, on: source, parentRoot: parentRoot, spec: spec)
        guard header.stateRoot == root else { return .failure(.stateRoot(got: header.stateRoot, expected: root)) }
        let undo = UndoRecord(blockHash: verified.hash, change: try change.inverse(on: source))
        return .success(Executed(block: verified.block, hash: verified.hash, change: change, undo: undo))
    }

    /// What a block at `number` by `miner` changes, and the root of the state after it.
    static func transition(
        number: UInt64, miner: Address, on source: some StateSource, parentRoot: Hash32, spec: ChainSpec
    ) throws(StorageError) -> (change: StateChange, root: Hash32) {
        let subsidy = Subsidy.wei(at: number, spec: spec)
        var accounts: [AccountChange] = []
        if !subsidy.isZero {
            var account = try source.account(miner) ?? Account(balance: .zero)
            let sum = account.balance.addingReportingOverflow(subsidy)
            // All coins together are far below 2^256; a genesis that breaks this is capped alike by everyone.
            account.balance = sum.overflow ? .max : sum.partialValue
            accounts.append(AccountChange(miner, account))
        }
        return try StateChange.setting(accounts, on: source, root: parentRoot)
    }

    /// The genesis state, and its root.
    static func genesis(_ spec: ChainSpec) throws(StorageError) -> (change: StateChange, root: Hash32) {
        let accounts = spec.alloc.map { AccountChange($0.address, Account(balance: $0.wei)) }
        return try StateChange.setting(accounts, on: EmptyState(), root: EmptyTrie.root)
    }
}
