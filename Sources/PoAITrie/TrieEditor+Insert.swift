extension TrieEditor {
    /// Sets the value of the key with these nibbles in the node that lies below the first `depth` of them; returns whether
    /// anything changed.
    mutating func insert(
        _ value: [UInt8], into node: inout TrieNode, key: [UInt8], depth: Int
    ) throws(Failure) -> Bool {
        try load(&node, at: TriePath(Array(key[..<depth])))
        switch node {
        case .empty, .stored:  // after loading only empty is left
            node = .leaf(LeafNode(Array(key[depth...]), value: value))
            return true

        case .leaf(let leaf):
            let common = Self.commonCount(leaf.nibbles, key, depth)
            if common == leaf.nibbles.count, depth + common == key.count {
                if leaf.value == value { return false }
                leaf.value = value
                leaf.reference = nil
                return true
            }
            let branch = BranchNode()
            Self.place(leaf.value, at: leaf.nibbles[common...], in: branch)
            Self.place(value, at: key[(depth + common)...], in: branch)
            node = Self.extended(by: leaf.nibbles.prefix(common), branch)
            return true

        case .extension(let ext):
            let common = Self.commonCount(ext.nibbles, key, depth)
            if common == ext.nibbles.count {
                guard try insert(value, into: &ext.child, key: key, depth: depth + common) else { return false }
                ext.reference = nil
                return true
            }
            let branch = BranchNode()
            var rest = ext.nibbles[common...]
            if let nibble = rest.popFirst() {
                branch.children[Int(nibble)] =
                    rest.isEmpty ? ext.child : .extension(ExtensionNode(Array(rest), child: ext.child))
            }
            Self.place(value, at: key[(depth + common)...], in: branch)
            node = Self.extended(by: ext.nibbles.prefix(common), branch)
            return true

        case .branch(let branch):
            guard depth < key.count else {
                if branch.value == value { return false }
                branch.value = value
                branch.reference = nil
                return true
            }
            let nibble = Int(key[depth])
            guard try insert(value, into: &branch.children[nibble], key: key, depth: depth + 1) else { return false }
            branch.reference = nil
            return true
        }
    }

    /// Puts a value into a branch whose place for it is free.
    private static func place(_ value: [UInt8], at key: ArraySlice<UInt8>, in branch: BranchNode) {
        if let nibble = key.first {
            branch.children[Int(nibble)] = .leaf(LeafNode(Array(key.dropFirst()), value: value))
        } else {
            branch.value = value
        }
    }

    /// The branch, below an extension if there are nibbles before it.
    private static func extended(by nibbles: ArraySlice<UInt8>, _ branch: BranchNode) -> TrieNode {
        nibbles.isEmpty ? .branch(branch) : .extension(ExtensionNode(Array(nibbles), child: .branch(branch)))
    }

    /// How many of the nibbles are those of the key from `depth` on.
    private static func commonCount(_ nibbles: [UInt8], _ key: [UInt8], _ depth: Int) -> Int {
        let limit = min(nibbles.count, key.count - depth)
        var count = 0
        while count < limit, nibbles[count] == key[depth + count] { count += 1 }
        return count
    }
}
