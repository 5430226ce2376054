import PoAIPrimitives

/// The way from the root to a key, whatever the nodes come from.
enum TrieLookup {
    /// The value of `key`, nil if it has none. `load` gives the node with a hash, at a path.
    static func find<Failure: Error>(
        _ key: some Collection<UInt8>, root: Hash32,
        load: (Hash32, TriePath) throws(Failure) -> TrieNode
    ) throws(Failure) -> [UInt8]? {
        let nibbles = TriePath(key: key).nibbles
        var rest = nibbles[...]
        var node: TrieNode = root == EmptyTrie.root ? .empty : .stored(root)
        while true {
            switch node {
            case .empty:
                return nil
            case .stored(let hash):
                // A loaded node is none that is still to load, so the loop moves on along the key.
                node = try load(hash, TriePath(Array(nibbles[..<rest.startIndex])))
            case .leaf(let leaf):
                return rest.elementsEqual(leaf.nibbles) ? leaf.value : nil
            case .extension(let ext):
                guard rest.starts(with: ext.nibbles) else { return nil }
                rest = rest.dropFirst(ext.nibbles.count)
                node = ext.child
            case .branch(let branch):
                guard let nibble = rest.popFirst() else { return branch.value.isEmpty ? nil : branch.value }
                node = branch.children[Int(nibble)]
            }
        }
    }
}
