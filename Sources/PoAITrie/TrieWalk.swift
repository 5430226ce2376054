import PoAIPrimitives

/// What a walk over a trie comes by.
public enum TrieVisit: Hashable, Sendable {
    /// A stored node, at its path.
    case node(path: TriePath, rlp: [UInt8])
    /// A value, under the nibbles of its key.
    case value(key: TriePath, value: [UInt8])
}

extension MerkleTrie {
    /// Nibbles beyond which no walk goes: keys of 256 bytes, where those of Ethereum's tries have at most 32.
    static var depthLimit: Int { 512 }

    /// Goes through the whole trie in the order of keys, a node before what is below it. A walk that ends without error has
    /// found every node present, under the right hash and in the one form that a trie of its keys has.
    /// - Throws: `TrieError`.
    public func walk(_ visit: (TrieVisit) -> Void) throws(Failure) {
        if root != EmptyTrie.root { try walk(.stored(root), at: .root, visit) }
    }

    private func walk(_ node: TrieNode, at path: TriePath, _ visit: (TrieVisit) -> Void) throws(Failure) {
        guard path.nibbles.count <= Self.depthLimit else { throw .malformed(path: path, .tooDeep) }
        switch try opened(node, at: path, visit) {
        case .empty, .stored:  // after opening only empty is left
            break
        case .leaf(let leaf):
            visit(.value(key: path.appending(leaf.nibbles), value: leaf.value))
        case .extension(let ext):
            let below = path.appending(ext.nibbles)
            let child = try opened(ext.child, at: below, visit)
            guard case .branch = child else { throw .malformed(path: path, .extensionWithoutBranch) }
            try walk(child, at: below, visit)
        case .branch(let branch):
            if !branch.value.isEmpty { visit(.value(key: path, value: branch.value)) }
            for (nibble, child) in branch.children.enumerated() {
                try walk(child, at: path.appending(nibble), visit)
            }
        }
    }

    private func opened(
        _ node: TrieNode, at path: TriePath, _ visit: (TrieVisit) -> Void
    ) throws(Failure) -> TrieNode {
        guard case .stored(let hash) = node else { return node }
        let (loaded, rlp) = try load(hash, at: path)
        guard path == .root || rlp.count >= 32 else { throw .malformed(path: path, .childReference(got: rlp.count)) }
        visit(.node(path: path, rlp: rlp))
        return loaded
    }
}
