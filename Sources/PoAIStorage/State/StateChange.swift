import PoAIPrimitives
import PoAITrie

/// An account's new value.
public struct AccountChange: Hashable, Sendable {
    /// Where.
    public var address: Address
    /// nil to delete it.
    public var account: Account?

    /// Puts the two together.
    public init(_ address: Address, _ account: Account?) {
        self.address = address
        self.account = account
    }
}

/// What a block changes: for each account and each trie node touched its new value, nil for none.
public struct StateChange: Hashable, Sendable {
    /// Changed accounts, ascending by address.
    public var accounts: [AccountChange]
    /// Changed trie nodes, ascending by path.
    public var nodes: [TrieNodeChange]

    /// A change of these.
    public init(accounts: [AccountChange] = [], nodes: [TrieNodeChange] = []) {
        self.accounts = accounts
        self.nodes = nodes
    }

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
        do {
            let commit = try MerkleTrie(root: root, reader: source).updated(updates)
            return (StateChange(accounts: accounts, nodes: commit.changes), commit.root)
        } catch {
            if case .reading(_, let failure) = error { throw failure }
            throw .damaged(file: source.file, detail: "\(error)")
        }
    }

    /// The change that takes this one back; `source` is the state before it.
    public func inverse(on source: some StateSource) throws(StorageError) -> StateChange {
        var inverse = StateChange()
        for entry in accounts {
            inverse.accounts.append(AccountChange(entry.address, try source.account(entry.address)))
        }
        for entry in nodes {
            inverse.nodes.append(TrieNodeChange(path: entry.path, node: try source.node(at: entry.path)))
        }
        return inverse
    }
}
