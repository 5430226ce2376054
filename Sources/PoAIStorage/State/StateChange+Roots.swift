import PoAIEVM
import PoAIPrimitives
import PoAITrie

extension StateChange {
    /// What giving accounts new values does to a state whose trie has `root`, and the root after it.
    ///
    /// - Parameter accounts: ascending by address, each address once.
    /// - Throws: `StorageError.damaged` when the stored trie is not the one with `root`.
    public static func setting(
        _ accounts: [AccountChange], on source: some StateSource, root: Hash32
    ) throws(StorageError) -> (change: StateChange, root: Hash32) {
        let updates = accounts.map {
            TrieUpdate(key: Keccak256.hash($0.address.bytes).bytes, value: $0.account?.rlpEncoded())
        }
        let commit = try commit(updates, to: root, of: source, file: source.file)
        return (StateChange(accounts: accounts, nodes: commit.changes), commit.root)
    }

    /// What an execution's diff does to a state whose trie has `root`, and the root after it. Storage tries are recomputed
    /// where a word changed.
    ///
    /// - Throws: `StorageError.damaged` when a stored trie is not the one with its root; `StorageError.misuse` when an
    ///   account with storage is to be deleted, which the rules since EIP-6780 never do.
    public static func applying(
        _ diff: StateDiff, on source: some StateSource, root: Hash32
    ) throws(StorageError) -> (change: StateChange, root: Hash32) {
        var (accounts, storage, codes): ([AccountChange], [StorageChange], [CodeChange]) = ([], [], [])
        for entry in diff.accounts {
            var storageRoot = try source.account(entry.address)?.storageRoot ?? EmptyTrie.root
            guard storageRoot == EmptyTrie.root || (entry.state != nil && !entry.isStorageCleared) else {
                throw .misuse("account \(entry.address) has storage and is to be deleted")
            }
            if !entry.storage.isEmpty {
                let reader = StorageTrieReader(source: source, address: entry.address)
                let commit = try commit(entry.storage.map(update), to: storageRoot, of: reader, file: source.file)
                storage.append(StorageChange(entry.address, slots: entry.storage, nodes: commit.changes))
                storageRoot = commit.root
            }
            let account = entry.state.map {
                Account(nonce: $0.nonce, balance: $0.balance, storageRoot: storageRoot, codeHash: $0.codeHash)
            }
            accounts.append(AccountChange(entry.address, account))
            if let code = entry.code, let hash = entry.state?.codeHash {
                codes.append(CodeChange(hash: hash, code: code))
            }
        }
        var (change, newRoot) = try setting(accounts, on: source, root: root)
        (change.storage, change.codes) = (storage, codes)
        return (change, newRoot)
    }

    private static func update(_ change: SlotChange) -> TrieUpdate {
        TrieUpdate(
            key: Keccak256.hash(change.slot.bigEndianBytes).bytes,
            value: change.value.isZero ? nil : RLP.encode(.uint(change.value)))
    }

    private static func commit<Reader: TrieNodeReader>(
        _ updates: [TrieUpdate], to root: Hash32, of reader: Reader, file: String
    ) throws(StorageError) -> TrieCommit where Reader.Failure == StorageError {
        do {
            return try MerkleTrie(root: root, reader: reader).updated(updates)
        } catch {
            if case .reading(_, let failure) = error { throw failure }
            throw .damaged(file: file, detail: "\(error)")
        }
    }
}

/// The storage trie of one contract.
public struct StorageTrieReader<Source: StateSource>: TrieNodeReader {
    private let source: Source
    private let address: Address

    /// The trie of the contract at `address` in `source`.
    public init(source: Source, address: Address) {
        self.source = source
        self.address = address
    }

    /// From the source.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        try source.storageNode(of: address, at: path)
    }
}
