import PoAIPrimitives
import PoAITrie

/// A state to read from: accounts, storage, code, and the nodes of the tries.
public protocol StateSource: TrieNodeReader where Failure == StorageError {
    /// The account at `address`, nil if it does not exist.
    func account(_ address: Address) throws(StorageError) -> Account?
    /// The word in a slot of a contract's storage, zero if it was never set.
    func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256
    /// The node at `path` in the storage trie of the contract at `address`, nil if there is none.
    func storageNode(of address: Address, at path: TriePath) throws(StorageError) -> [UInt8]?
    /// The code with this hash, nil if it is not known.
    func code(_ hash: Hash32) throws(StorageError) -> [UInt8]?
    /// What holds the state, for messages.
    var file: String { get }
}

/// The state of the stored head.
public struct StoredState: StateSource {
    private let snapshot: Snapshot

    /// The head's state as `snapshot` sees it.
    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// The database file.
    public var file: String { snapshot.file }

    /// By a read transaction of its own on the same commit, unless the state was already changed in this transaction.
    public func withFork<Result>(_ body: (StoredState) -> Result) -> Result? {
        snapshot.withFork(reading: [.accounts, .trieNodes, .code, .storage, .storageNodes]) { body(StoredState($0)) }
    }

    /// From the flat table.
    public func account(_ address: Address) throws(StorageError) -> Account? {
        try ChainTables.accounts.get(address, in: snapshot)
    }

    /// From the flat table.
    public func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 {
        try ChainTables.storage.get(StorageKey(address: address, slot: slot), in: snapshot) ?? .zero
    }

    /// From the table of nodes.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        try ChainTables.trieNodes.get(path, in: snapshot)?.bytes
    }

    /// From the table of nodes.
    public func storageNode(of address: Address, at path: TriePath) throws(StorageError) -> [UInt8]? {
        try ChainTables.storageNodes.get(StorageNodeKey(address: address, path: path), in: snapshot)?.bytes
    }

    /// From the table of code.
    public func code(_ hash: Hash32) throws(StorageError) -> [UInt8]? {
        hash == Account.emptyCodeHash ? [] : try ChainTables.code.get(hash, in: snapshot)?.bytes
    }
}

/// The state before genesis: nothing.
public struct EmptyState: StateSource {
    /// The one empty state.
    public init() {}
    /// Not a file.
    public var file: String { "the empty state" }
    /// nil.
    public func account(_ address: Address) throws(StorageError) -> Account? { nil }
    /// Zero.
    public func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 { .zero }
    /// nil.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? { nil }
    /// nil.
    public func storageNode(of address: Address, at path: TriePath) throws(StorageError) -> [UInt8]? { nil }
    /// nil, but for the empty code.
    public func code(_ hash: Hash32) throws(StorageError) -> [UInt8]? { hash == Account.emptyCodeHash ? [] : nil }
}
