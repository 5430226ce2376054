import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// The state after a canonical block, for calls and proofs. Valid only within the closure it is given to.
public struct ChainState: StateView {
    /// The block after which the state is.
    public let header: BlockHeader
    /// The block's hash.
    public let hash: Hash32
    private let source: AnyStateSource
    private let snapshot: Snapshot

    init(header: BlockHeader, hash: Hash32, source: AnyStateSource, snapshot: Snapshot) {
        (self.header, self.hash, self.source, self.snapshot) = (header, hash, source, snapshot)
    }

    /// The account at an address, with the roots of its storage; nil if it does not exist.
    public func fullAccount(_ address: Address) throws(StorageError) -> Account? { try source.account(address) }

    /// The account at an address, nil if it does not exist.
    public func account(_ address: Address) throws(StorageError) -> AccountState? {
        try view.account(address)
    }

    /// The code with this hash.
    public func code(_ hash: Hash32) throws(StorageError) -> [UInt8] { try view.code(hash) }

    /// The word in a slot of an account's storage, zero if it was never set.
    public func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 {
        try source.storage(address, slot)
    }

    /// Whether any slot of an account's storage is set.
    public func hasStorage(_ address: Address) throws(StorageError) -> Bool { try view.hasStorage(address) }

    /// The hash of the canonical block at a height.
    public func blockHash(_ number: UInt64) throws(StorageError) -> Hash32? {
        try ChainTables.canonical.get(number, in: snapshot)
    }

    /// What proves an account and words of its storage, or that they do not exist, to anyone who has the state root (EIP-1186).
    public func proof(of address: Address, slots: [UInt256]) throws(StorageError) -> AccountProof {
        let account = try source.account(address)
        let nodes = try prove(
            Keccak256.hash(address.bytes).bytes, MerkleTrie(root: header.stateRoot, reader: source))
        let storage = MerkleTrie(
            root: account?.storageRoot ?? EmptyTrie.root, reader: StorageTrieReader(source: source, address: address))
        var proofs: [SlotProof] = []
        for slot in slots {
            proofs.append(
                SlotProof(
                    slot: slot, value: try source.storage(address, slot),
                    nodes: try prove(Keccak256.hash(slot.bigEndianBytes).bytes, storage)))
        }
        return AccountProof(address: address, account: account, nodes: nodes, storage: proofs)
    }

    private func prove<Reader: TrieNodeReader>(
        _ key: [UInt8], _ trie: MerkleTrie<Reader>
    ) throws(StorageError) -> [[UInt8]] where Reader.Failure == StorageError {
        do {
            return try trie.proof(for: key)
        } catch {
            if case .reading(_, let failure) = error { throw failure }
            throw .damaged(file: source.file, detail: "\(error)")
        }
    }

    private var view: ExecutionView<AnyStateSource, BranchHashes> {
        ExecutionView(source: source, ancestors: BranchHashes(snapshot: snapshot))
    }
}

/// Proof of an account and of words in its storage (EIP-1186).
public struct AccountProof: Hashable, Sendable {
    /// Whose.
    public let address: Address
    /// nil: the nodes prove that it does not exist.
    public let account: Account?
    /// RLP of the state trie's nodes from the root on.
    public let nodes: [[UInt8]]
    /// One for each slot asked for.
    public let storage: [SlotProof]
}

/// Proof of one word.
public struct SlotProof: Hashable, Sendable {
    /// Which.
    public let slot: UInt256
    /// Its value, zero if it is not in the trie.
    public let value: UInt256
    /// RLP of the storage trie's nodes from the root on.
    public let nodes: [[UInt8]]
}

/// The stored state, or one in memory on top of it.
enum AnyStateSource: StateSource {
    case stored(StoredState)
    case overlay(StateOverlay<StoredState>)

    var file: String {
        switch self {
        case .stored(let state): state.file
        case .overlay(let state): state.file
        }
    }

    func account(_ address: Address) throws(StorageError) -> Account? {
        switch self {
        case .stored(let state): try state.account(address)
        case .overlay(let state): try state.account(address)
        }
    }

    func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 {
        switch self {
        case .stored(let state): try state.storage(address, slot)
        case .overlay(let state): try state.storage(address, slot)
        }
    }

    func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        switch self {
        case .stored(let state): try state.node(at: path)
        case .overlay(let state): try state.node(at: path)
        }
    }

    func storageNode(of address: Address, at path: TriePath) throws(StorageError) -> [UInt8]? {
        switch self {
        case .stored(let state): try state.storageNode(of: address, at: path)
        case .overlay(let state): try state.storageNode(of: address, at: path)
        }
    }

    func code(_ hash: Hash32) throws(StorageError) -> [UInt8]? {
        switch self {
        case .stored(let state): try state.code(hash)
        case .overlay(let state): try state.code(hash)
        }
    }
}
