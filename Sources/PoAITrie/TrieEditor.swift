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
    var top: TrieNode
    /// Stored nodes read so far.
    var loaded: [(path: TriePath, rlp: [UInt8])] = []
    /// Values set and keys removed so far.
    var editCount = 0

    init(root: Hash32, loader: @escaping Loader) {
        self.init(top: root == EmptyTrie.root ? .empty : .stored(root), loader: loader)
    }

    /// Begins with a part of a trie.
    init(top: TrieNode, loader: @escaping Loader) { (self.top, self.loader) = (top, loader) }

    /// Sets the value of one key, or removes the key. `depth` nibbles of the key lead to the top; returns whether anything
    /// changed.
    mutating func apply(_ update: TrieUpdate, depth: Int = 0) throws(Failure) -> Bool {
        var node = top
        top = .empty
        editCount += 1
        defer { top = node }
        let key = TriePath(key: update.key).nibbles
        if let value = update.value, !value.isEmpty {
            return try insert(value, into: &node, key: key, depth: depth)
        }
        return try remove(key: key, depth: depth, from: &node)
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
