import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITrie

/// A stored state as the machine reads it.
struct ExecutionView<Source: StateSource, Ancestors: AncestorHashes>: StateView {
    let source: Source
    let ancestors: Ancestors

    func account(_ address: Address) throws(StorageError) -> AccountState? {
        try source.account(address).map {
            AccountState(nonce: $0.nonce, balance: $0.balance, codeHash: $0.codeHash)
        }
    }

    func code(_ hash: Hash32) throws(StorageError) -> [UInt8] {
        guard let code = try source.code(hash) else {
            throw .damaged(file: source.file, detail: "the code with hash \(hash) is missing")
        }
        return code
    }

    func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 {
        try source.storage(address, slot)
    }

    func hasStorage(_ address: Address) throws(StorageError) -> Bool {
        try source.account(address).map { $0.storageRoot != Account.emptyStorageRoot } ?? false
    }

    func blockHash(_ number: UInt64) throws(StorageError) -> Hash32? { try ancestors.hash(at: number) }
}

/// The hashes of the blocks below the one that is executed.
protocol AncestorHashes {
    /// The hash of the ancestor at a height; nil if there is none.
    func hash(at number: UInt64) throws(StorageError) -> Hash32?
}

/// The hashes of a branch: those of its own blocks, then the canonical ones below.
struct BranchHashes: AncestorHashes {
    let snapshot: Snapshot
    /// Height of the first of `branch`.
    var branchStart: UInt64 = .max
    /// Blocks of the branch, upwards without gap.
    var branch: [Hash32] = []

    func hash(at number: UInt64) throws(StorageError) -> Hash32? {
        guard number >= branchStart else { return try ChainTables.canonical.get(number, in: snapshot) }
        let index = number - branchStart
        return index < UInt64(branch.count) ? branch[Int(index)] : nil
    }
}

/// No ancestors: for genesis.
struct NoAncestors: AncestorHashes {
    func hash(at number: UInt64) throws(StorageError) -> Hash32? { nil }
}
