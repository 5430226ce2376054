import PoAIPrimitives

extension TrieEditor {
    /// The new root, and what it takes to bring the store there.
    func commit() -> TrieCommit {
        var outcome = CommitOutcome()
        let root = outcome.root(top)
        var before: [TriePath: [UInt8]] = [:]
        for (path, rlp) in loaded { before[path] = rlp }

        var changes = outcome.written.filter { before[$0.path] != $0.node }
        for (path, _) in loaded where !outcome.present.contains(path) {
            changes.append(TrieNodeChange(path: path, node: nil))
        }
        changes.sort { $0.path < $1.path }
        return TrieCommit(root: root, changes: changes)
    }
}

/// Collects the nodes of a finished trie.
private struct CommitOutcome {
    /// Paths at which the new trie has a stored node, as far as it is loaded.
    var present: Set<TriePath> = []
    /// Nodes that are new or changed.
    var written: [TrieNodeChange] = []

    mutating func root(_ top: TrieNode) -> Hash32 {
        if case .empty = top { return EmptyTrie.root }
        if case .stored(let hash) = top { return hash }
        if let reference = top.unchangedReference, let hash = Hash32(reference.dropFirst()) {
            keep(top, at: .root)
            return hash
        }
        let rlp = encode(top, at: .root)
        write(rlp, at: .root)
        return Keccak256.hash(rlp)
    }

    /// What the parent holds for `node`.
    private mutating func reference(to node: TrieNode, at path: TriePath) -> [UInt8] {
        if let reference = node.unchangedReference {
            keep(node, at: path)
            return reference
        }
        let rlp = encode(node, at: path)
        if rlp.count < 32 { return rlp }
        write(rlp, at: path)
        return [0xA0] + Keccak256.hash(rlp).bytes
    }

    private mutating func write(_ rlp: [UInt8], at path: TriePath) {
        present.insert(path)
        written.append(TrieNodeChange(path: path, node: rlp))
    }

    /// Notes an unchanged node and those loaded below it.
    private mutating func keep(_ node: TrieNode, at path: TriePath) {
        switch node {
        case .empty, .stored: return
        case .leaf: break
        case .extension(let ext): keep(ext.child, at: path.appending(ext.nibbles))
        case .branch(let branch):
            for (nibble, child) in branch.children.enumerated() { keep(child, at: path.appending(nibble)) }
        }
        // Paths of nodes inside their parent are noted as well, which does no harm: nothing is stored there.
        present.insert(path)
    }

    private mutating func encode(_ node: TrieNode, at path: TriePath) -> [UInt8] {
        var payload: [UInt8] = []
        switch node {
        case .empty, .stored: return node.unchangedReference ?? []
        case .leaf(let leaf):
            RLP.append(bytes: HexPrefix.encode(leaf.nibbles, isLeaf: true), to: &payload)
            RLP.append(bytes: leaf.value, to: &payload)
        case .extension(let ext):
            RLP.append(bytes: HexPrefix.encode(ext.nibbles, isLeaf: false), to: &payload)
            payload += reference(to: ext.child, at: path.appending(ext.nibbles))
        case .branch(let branch):
            for (nibble, child) in branch.children.enumerated() {
                payload += reference(to: child, at: path.appending(nibble))
            }
            RLP.append(bytes: branch.value, to: &payload)
        }
        return RLP.encode(listPayload: payload)
    }
}
