import PoAIPrimitives
import Synchronization

/// A Merkle-Patricia trie (Yellow Paper, appendix D) as it is in a store: reading, proving, and computing what an update
/// changes. Never writes.
///
/// Every node read is checked against the hash its parent or the root has for it.
public struct MerkleTrie<Reader: TrieNodeReader> {
    /// The root hash.
    public let root: Hash32
    /// The store.
    public let reader: Reader

    /// What reading can throw.
    public typealias Failure = TrieError<Reader.Failure>

    /// The trie with this root, whose nodes `reader` has.
    public init(root: Hash32, reader: Reader) {
        self.root = root
        self.reader = reader
    }

    /// The value of `key`, nil if it has none.
    /// - Throws: `TrieError`.
    public func value(for key: some Collection<UInt8>) throws(Failure) -> [UInt8]? {
        try TrieLookup.find(key, root: root) { hash, path throws(Failure) in try load(hash, at: path).node }
    }

    /// The RLP of the stored nodes from the root towards `key`, which prove its value, or that it has none, to anyone who
    /// has the root: the form of eth_getProof. None for the empty trie.
    /// - Throws: `TrieError`.
    public func proof(for key: some Collection<UInt8>) throws(Failure) -> [[UInt8]] {
        var proof: [[UInt8]] = []
        _ = try TrieLookup.find(key, root: root) { hash, path throws(Failure) in
            let (node, rlp) = try load(hash, at: path)
            proof.append(rlp)
            return node
        }
        return proof
    }

    /// What the trie becomes: the updates are applied in their order, so that the last one to a key counts.
    /// - Throws: `TrieError`.
    public func updated(_ updates: [TrieUpdate]) throws(Failure) -> TrieCommit {
        let failure = FailureBox<Failure>()
        var editor = TrieEditor(root: root, loader: loader(failure))
        do throws(TrieNotLoaded) {
            try editor.apply(updates) { body in
                reader.withFork { fork in
                    body(MerkleTrie(root: root, reader: fork).loader(failure))
                    return true
                } ?? false
            }
        } catch {
            guard let reason = failure.error else { preconditionFailure("a node is not loaded for a reason") }
            throw reason
        }
        return editor.commit()
    }

    /// Loads for an editor; the first reason of a failure goes to `failure`.
    private func loader(_ failure: FailureBox<Failure>) -> TrieEditor.Loader {
        { (hash, path) throws(TrieNotLoaded) in
            do throws(Failure) {
                return try load(hash, at: path)
            } catch {
                failure.note(error)
                throw TrieNotLoaded()
            }
        }
    }

    /// Reads the node at `path` and checks that it is the one with `hash`.
    func load(_ hash: Hash32, at path: TriePath) throws(Failure) -> (node: TrieNode, rlp: [UInt8]) {
        let read: [UInt8]?
        do {
            read = try reader.node(at: path)
        } catch {
            throw .reading(path: path, error)
        }
        guard let rlp = read else { throw .missing(path: path, expected: hash) }
        let got = Keccak256.hash(rlp)
        guard got == hash else { throw .mismatch(path: path, expected: hash, got: got) }
        do {
            return (try TrieNode(rlp: rlp, reference: .hash(hash)), rlp)
        } catch {
            throw .malformed(path: path, error)
        }
    }
}

/// Where loaders, maybe on several threads, put the first reason of a failure.
private final class FailureBox<Failure: Error>: Sendable {
    private let first = Mutex<Failure?>(nil)

    var error: Failure? { first.withLock { $0 } }

    func note(_ failure: Failure) { first.withLock { $0 = $0 ?? failure } }
}

extension MerkleTrie: Sendable where Reader: Sendable {}

/// The trie without keys.
public enum EmptyTrie {
    /// Its root: Keccak-256 of the RLP of the empty string.
    public static let root = Keccak256.hash([0x80])
}

/// A new value of a key.
public struct TrieUpdate: Hashable, Sendable {
    /// Of any length.
    public var key: [UInt8]
    /// nil, or empty, removes the key.
    public var value: [UInt8]?

    /// A value to set, or nil to remove the key.
    public init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// A new content of a place in the store.
public struct TrieNodeChange: Hashable, Sendable {
    /// Where.
    public var path: TriePath
    /// The node's RLP, nil to delete what is there.
    public var node: [UInt8]?

    /// A node to put, or nil to delete.
    public init(path: TriePath, node: [UInt8]?) {
        self.path = path
        self.node = node
    }
}

/// The outcome of an update.
public struct TrieCommit: Hashable, Sendable {
    /// The new root.
    public var root: Hash32
    /// What to change in the store, ascending by path, each path once: only places whose content differs.
    public var changes: [TrieNodeChange]
    /// What takes the changes back: for each of them, in the same order, what the store holds at its path before.
    public var inverse: [TrieNodeChange]

    /// A root, the changes that lead to it, and those that lead back.
    public init(root: Hash32, changes: [TrieNodeChange], inverse: [TrieNodeChange]) {
        self.root = root
        self.changes = changes
        self.inverse = inverse
    }
}
