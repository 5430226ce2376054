import PoAIEVM
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

/// New values in one contract's storage.
public struct StorageChange: Hashable, Sendable {
    /// The contract.
    public var address: Address
    /// Changed words, ascending by slot; zero deletes one.
    public var slots: [SlotChange]
    /// Changed nodes of the storage trie, ascending by path.
    public var nodes: [TrieNodeChange]

    /// Puts the parts together.
    public init(_ address: Address, slots: [SlotChange], nodes: [TrieNodeChange]) {
        self.address = address
        self.slots = slots
        self.nodes = nodes
    }
}

/// Code that a contract has from now on.
public struct CodeChange: Hashable, Sendable {
    /// Its Keccak-256.
    public var hash: Hash32
    /// The code.
    public var code: [UInt8]

    /// Puts the two together.
    public init(hash: Hash32, code: [UInt8]) {
        self.hash = hash
        self.code = code
    }
}

/// What a block changes: for each account, word and trie node touched its new value, nil for none.
public struct StateChange: Hashable, Sendable {
    /// Changed accounts, ascending by address.
    public var accounts: [AccountChange]
    /// Changed nodes of the state trie, ascending by path.
    public var nodes: [TrieNodeChange]
    /// Changed storage, ascending by address.
    public var storage: [StorageChange]
    /// New code, ascending by address of the contract.
    public var codes: [CodeChange]

    /// A change of these.
    public init(
        accounts: [AccountChange] = [], nodes: [TrieNodeChange] = [], storage: [StorageChange] = [],
        codes: [CodeChange] = []
    ) {
        self.accounts = accounts
        self.nodes = nodes
        self.storage = storage
        self.codes = codes
    }
}
