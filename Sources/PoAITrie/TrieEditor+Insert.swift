extension TrieEditor {
    /// Sets the value of the key that has the nibbles `key` left below `path`; returns whether anything changed.
    mutating func insert(
        _ value: [UInt8], into node: inout TrieNode, at path: TriePath, key: ArraySlice<UInt8>
    ) throws(Failure) -> Bool {
        try load(&node, at: path)
        switch node {
        case .empty, .stored:  // after loading only empty is left
            node = .leaf(LeafNode(Array(key), value: value))
            return true

        case .leaf(let leaf):
            let common = Self.commonCount(leaf.nibbles, key)
            if common == leaf.nibbles.count, common == key.count {
                if leaf.value == value { return false }
                leaf.value = value
                leaf.reference = nil
                return true
            }
            let branch = BranchNode()
            Self.place(leaf.value, at: leaf.nibbles[common...], in: branch)
            Self.place(value, at: key.dropFirst(common), in: branch)
            node = Self.extended(by: key.prefix(common), branch)
            return true

        case .extension(let ext):
            let common = Self.commonCount(ext.nibbles, key)
            if common == ext.nibbles.count {
                let below = path.appending(ext.nibbles)
                guard try insert(value, into: &ext.child, at: below, key: key.dropFirst(common)) else { return false }
                ext.reference = nil
                return true
            }
            let branch = BranchNode()
            var rest = ext.nibbles[common...]
            if let nibble = rest.popFirst() {
                branch.children[Int(nibble)] =
                    rest.isEmpty ? ext.child : .extension(ExtensionNode(Array(rest), child: ext.child))
            }
            Self.place(value, at: key.dropFirst(common), in: branch)
            node = Self.extended(by: key.prefix(common), branch)
            return true

        case .branch(let branch):
            guard let nibble = key.first.map(Int.init) else {
                if branch.value == value { return false }
                branch.value = value
                branch.reference = nil
                return true
            }
            let below = path.appending(nibble)
            guard try insert(value, into: &branch.children[nibble], at: below, key: key.dropFirst()) else {
                return false
            }
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

    private static func commonCount(_ left: [UInt8], _ right: ArraySlice<UInt8>) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }
}
