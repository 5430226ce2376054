extension TrieEditor {
    /// Removes the key with these nibbles from the node that lies below the first `depth` of them; returns whether it was
    /// there. What remains is in the one form a trie of its keys has.
    mutating func remove(key: [UInt8], depth: Int, from node: inout TrieNode) throws(Failure) -> Bool {
        try load(&node, at: TriePath(Array(key[..<depth])))
        switch node {
        case .empty, .stored:  // after loading only empty is left
            return false

        case .leaf(let leaf):
            guard key[depth...].elementsEqual(leaf.nibbles) else { return false }
            node = .empty
            return true

        case .extension(let ext):
            guard key[depth...].starts(with: ext.nibbles) else { return false }
            let below = depth + ext.nibbles.count
            guard try remove(key: key, depth: below, from: &ext.child) else { return false }
            ext.reference = nil
            node = Self.joined(ext.nibbles, ext.child)
            return true

        case .branch(let branch):
            if depth < key.count {
                let nibble = Int(key[depth])
                guard try remove(key: key, depth: depth + 1, from: &branch.children[nibble]) else { return false }
            } else {
                if branch.value.isEmpty { return false }
                branch.value = []
            }
            branch.reference = nil
            if branch.entryCount == 1 { node = try onlyEntry(of: branch, at: key[..<depth]) }
            return true
        }
    }

    /// What takes the place of a branch with one entry left.
    mutating func onlyEntry(of branch: BranchNode, at path: ArraySlice<UInt8>) throws(Failure) -> TrieNode {
        guard let nibble = branch.children.firstIndex(where: { !$0.isEmpty }) else {
            return .leaf(LeafNode([], value: branch.value))
        }
        // Whether the child joins with the nibble depends on what it is.
        try load(&branch.children[nibble], at: TriePath(Array(path)).appending(nibble))
        return Self.joined([UInt8(truncatingIfNeeded: nibble)], branch.children[nibble])
    }

    /// Nibbles in front of a node that is loaded.
    private static func joined(_ nibbles: [UInt8], _ node: TrieNode) -> TrieNode {
        switch node {
        case .empty: .empty
        case .leaf(let leaf): .leaf(LeafNode(nibbles + leaf.nibbles, value: leaf.value))
        case .extension(let ext): .extension(ExtensionNode(nibbles + ext.nibbles, child: ext.child))
        case .branch, .stored: .extension(ExtensionNode(nibbles, child: node))
        }
    }
}
