import PoAIPrimitives

/// A trie being changed in memory: loads the nodes it needs, and finally says which stored nodes differ.
///
/// A node's path depends on the keys below it only, so subtries never move. A stored node can only go by being changed,
/// merged or removed, for all of which it was loaded first: what was loaded and is no longer in the trie is to be deleted.
/// After an error the editor is of no more use. Not generic over the store, so that it is compiled for speed in this module.
struct TrieEditor {
    /// Gives the node with a hash at a path; keeps the reason when it cannot.
    typealias Loader = (Hash32, TriePath) throws(TrieNotLoaded) -> (node: TrieNode, rlp: [UInt8])
    typealias Failure = TrieNotLoaded

    private let loader: Loader
    private(set) var top: TrieNode
    /// Stored nodes read so far.
    private(set) var loaded: [(path: TriePath, rlp: [UInt8])] = []
    /// Values set and keys removed so far.
    private(set) var editCount = 0

    init(root: Hash32, loader: @escaping Loader) {
        self.loader = loader
        top = root == EmptyTrie.root ? .empty : .stored(root)
    }

    /// Applies updates in their order.
    mutating func apply(_ updates: [TrieUpdate]) throws(Failure) {
        for update in updates {
            if let value = update.value, !value.isEmpty {
                try insert(value, at: update.key)
            } else {
                try remove(update.key)
            }
        }
    }

    /// Sets a value, which is not empty.
    mutating func insert(_ value: [UInt8], at key: [UInt8]) throws(Failure) {
        var node = top
        top = .empty
        editCount += 1
        _ = try insert(value, into: &node, key: TriePath(key: key).nibbles, depth: 0)
        top = node
    }

    /// Removes a key, if it is there.
    mutating func remove(_ key: [UInt8]) throws(Failure) {
        var node = top
        top = .empty
        editCount += 1
        _ = try remove(key: TriePath(key: key).nibbles, depth: 0, from: &node)
        top = node
    }

    /// Replaces a node that is not loaded by its loaded form.
    mutating func load(_ node: inout TrieNode, at path: @autoclosure () -> TriePath) throws(Failure) {
        guard case .stored(let hash) = node else { return }
        let path = path()
        let (decoded, rlp) = try loader(hash, path)
        loaded.append((path, rlp))
        node = decoded
    }
}

/// A node could not be loaded; the loader knows why.
struct TrieNotLoaded: Error {}
