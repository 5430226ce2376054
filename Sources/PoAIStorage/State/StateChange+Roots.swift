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
        let commit = try commit(updates(accounts), to: root, of: source, file: source.file)
        return (StateChange(accounts: accounts, nodes: commit.changes), commit.root)
    }

    /// A change of a state, what takes it back but for code, and the root after it.
    public typealias Applied = (change: StateChange, inverse: StateChange, root: Hash32)

    /// What an execution's diff does to a state whose trie has `root`, what takes that back, and the root after it. Storage
    /// tries are recomputed where a word changed. Every node is read once: the way back is made of the nodes so read.
    ///
    /// - Throws: `StorageError.damaged` when a stored trie is not the one with its root; `StorageError.misuse` when an
    ///   account with storage is to be deleted, which the rules since EIP-6780 never do.
    public static func applying(
        _ diff: StateDiff, on source: some StateSource, root: Hash32
    ) throws(StorageError) -> Applied {
        var change = StateChange()
        var inverse = StateChange()
        for entry in diff.accounts {
            let old = try source.account(entry.address)
            var storageRoot = old?.storageRoot ?? EmptyTrie.root
            guard storageRoot == EmptyTrie.root || (entry.state != nil && !entry.isStorageCleared) else {
                throw .misuse("account \(entry.address) has storage and is to be deleted")
            }
            if !entry.storage.isEmpty {
                let reader = StorageTrieReader(source: source, address: entry.address)
                let commit = try commit(entry.storage.map(update), to: storageRoot, of: reader, file: source.file)
                change.storage.append(StorageChange(entry.address, slots: entry.storage, nodes: commit.changes))
                var words: [SlotChange] = []
                for word in entry.storage {
                    words.append(SlotChange(slot: word.slot, value: try source.storage(entry.address, word.slot)))
                }
                inverse.storage.append(StorageChange(entry.address, slots: words, nodes: commit.inverse))
                storageRoot = commit.root
            }
            let account = entry.state.map {
                Account(nonce: $0.nonce, balance: $0.balance, storageRoot: storageRoot, codeHash: $0.codeHash)
            }
            change.accounts.append(AccountChange(entry.address, account))
            inverse.accounts.append(AccountChange(entry.address, old))
            if let code = entry.code, let hash = entry.state?.codeHash {
                change.codes.append(CodeChange(hash: hash, code: code))
            }
        }
        let commit = try commit(updates(change.accounts), to: root, of: source, file: source.file)
        (change.nodes, inverse.nodes) = (commit.changes, commit.inverse)
        return (change, inverse, commit.root)
    }

    private static func updates(_ accounts: [AccountChange]) -> [TrieUpdate] {
        accounts.map { TrieUpdate(key: Keccak256.hash($0.address.bytes).bytes, value: $0.account?.rlpEncoded()) }
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

    /// The same trie of a fork of the source.
    public func withFork<Result>(_ body: (StorageTrieReader) -> Result) -> Result? {
        source.withFork { body(StorageTrieReader(source: $0, address: address)) }
    }

    /// From the source.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        try source.storageNode(of: address, at: path)
    }
}
