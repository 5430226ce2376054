import PoAIPrimitives
import PoAITrie

/// A state to read from: accounts, and the nodes of their trie.
public protocol StateSource: TrieNodeReader where Failure == StorageError {
    /// The account at `address`, nil if it does not exist.
    func account(_ address: Address) throws(StorageError) -> Account?
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

    /// From the flat table.
    public func account(_ address: Address) throws(StorageError) -> Account? {
        try ChainTables.accounts.get(address, in: snapshot)
    }

    /// From the table of nodes.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        try ChainTables.trieNodes.get(path, in: snapshot)?.bytes
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
    /// nil.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? { nil }
}

/// A state in memory on top of another one: for trying blocks without writing.
public final class StateOverlay<Base: StateSource>: StateSource {
    private let base: Base
    private var accounts: [Address: Account?] = [:]
    private var nodes: [TriePath: [UInt8]?] = [:]

    /// Equal to `base` until changed.
    public init(on base: Base) { self.base = base }

    /// What holds the state below.
    public var file: String { base.file }

    /// The changed value, or that of the state below.
    public func account(_ address: Address) throws(StorageError) -> Account? {
        if let changed = accounts[address] { return changed }
        return try base.account(address)
    }

    /// The changed value, or that of the state below.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        if let changed = nodes[path] { return changed }
        return try base.node(at: path)
    }

    /// Makes a change.
    public func apply(_ change: StateChange) {
        for entry in change.accounts { accounts.updateValue(entry.account, forKey: entry.address) }
        for entry in change.nodes { nodes.updateValue(entry.node, forKey: entry.path) }
    }

    /// Everything changed since the beginning, with its value now.
    public var change: StateChange {
        StateChange(
            accounts: accounts.keys.sorted().map { AccountChange($0, accounts[$0] ?? nil) },
            nodes: nodes.keys.sorted().map { TrieNodeChange(path: $0, node: nodes[$0] ?? nil) })
    }
}
