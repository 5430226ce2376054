import PoAIPrimitives

/// A trie being changed in memory: loads the nodes it needs, and finally says which stored nodes differ.
///
/// A node's path depends on the keys below it only, so subtries never move. A stored node can only go by being changed,
/// merged or removed, for all of which it was loaded first: what was loaded and is no longer in the trie is to be deleted.
/// After an error the editor is of no more use.
struct TrieEditor<Reader: TrieNodeReader> {
    typealias Failure = TrieError<Reader.Failure>

    private let trie: MerkleTrie<Reader>
    private(set) var top: TrieNode
    /// Stored nodes read so far.
    private(set) var loaded: [(path: TriePath, rlp: [UInt8])] = []

    init(_ trie: MerkleTrie<Reader>) {
        self.trie = trie
        top = trie.root == EmptyTrie.root ? .empty : .stored(trie.root)
    }

    /// Sets a value, which is not empty.
    mutating func insert(_ value: [UInt8], at key: [UInt8]) throws(Failure) {
        var node = top
        top = .empty
        _ = try insert(value, into: &node, at: .root, key: TriePath(key: key).nibbles[...])
        top = node
    }

    /// Removes a key, if it is there.
    mutating func remove(_ key: [UInt8]) throws(Failure) {
        var node = top
        top = .empty
        _ = try remove(key: TriePath(key: key).nibbles[...], from: &node, at: .root)
        top = node
    }

    /// Replaces a node that is not loaded by its loaded form.
    mutating func load(_ node: inout TrieNode, at path: TriePath) throws(Failure) {
        guard case .stored(let hash) = node else { return }
        let (decoded, rlp) = try trie.load(hash, at: path)
        loaded.append((path, rlp))
        node = decoded
    }
}
