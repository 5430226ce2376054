import Dispatch
import PoAIPrimitives
import Synchronization

extension TrieEditor {
    /// The new root, and what it takes to bring the store there.
    func commit() -> TrieCommit {
        var finished = FinishedNodes(path: [], isParallel: editCount >= Self.parallelFrom)
        let root = finished.root(top)
        let before = loaded.sorted { $0.path < $1.path }
        var commit = TrieCommit(root: root, changes: [], inverse: [])
        Self.collect(from: before, to: finished.entries, into: &commit)
        return commit
    }

    /// Both lists ascend by path.
    private static func collect(
        from loaded: [(path: TriePath, rlp: [UInt8])], to finished: [FinishedNodes.Entry], into commit: inout TrieCommit
    ) {
        commit.changes.reserveCapacity(finished.count)
        commit.inverse.reserveCapacity(finished.count)
        func note(_ path: TriePath, old: [UInt8]?, new: [UInt8]?) {
            commit.changes.append(TrieNodeChange(path: path, node: new))
            commit.inverse.append(TrieNodeChange(path: path, node: old))
        }
        var before = loaded[...]
        for entry in finished {
            while let node = before.first, node.path < entry.path {
                note(node.path, old: node.rlp, new: nil)
                before = before.dropFirst()
            }
            let old = before.first?.path == entry.path ? before.popFirst()?.rlp : nil
            if let rlp = entry.rlp, rlp != old { note(entry.path, old: old, new: rlp) }
        }
        for node in before { note(node.path, old: node.rlp, new: nil) }
    }
}

/// Collects the nodes of a finished trie, as far as they are loaded, by going through it in the order of paths.
private struct FinishedNodes: Sendable {
    struct Entry: Sendable {
        let path: TriePath
        /// nil where nothing changed.
        var rlp: [UInt8]?
    }

    /// Places at which the new trie has a stored node, ascending. Those of unchanged nodes inside their parent are among
    /// them, which does no harm: nothing is stored there.
    private(set) var entries: [Entry] = []
    /// Where the walk is.
    private var path: [UInt8]
    /// Whether the children of the first branch are to be shared among threads.
    private var isParallel: Bool

    init(path: [UInt8], isParallel: Bool) {
        self.path = path
        self.isParallel = isParallel
    }

    mutating func root(_ top: TrieNode) -> Hash32 {
        if case .empty = top { return EmptyTrie.root }
        if case .stored(let hash) = top { return hash }
        if case .hash(let hash)? = top.unchangedReference {
            keep(top)
            return hash
        }
        entries.append(Entry(path: .root, rlp: nil))
        let rlp = encode(top)
        entries[0].rlp = rlp
        return Keccak256.hash(rlp)
    }

    /// Appends what the parent holds for `node`, which is at `path`.
    private mutating func appendReference(to node: TrieNode, _ output: inout [UInt8]) {
        if case .empty = node {
            output.append(0x80)
            return
        }
        if let reference = node.unchangedReference {
            keep(node)
            reference.append(to: &output)
            return
        }
        let place = entries.count
        entries.append(Entry(path: TriePath(path), rlp: nil))
        let rlp = encode(node)
        if rlp.count < 32 {
            // Neither it nor anything below it is stored: there is no room for a hash.
            entries.removeSubrange(place...)
            output.append(contentsOf: rlp)
        } else {
            entries[place].rlp = rlp
            NodeReference.hash(Keccak256.hash(rlp)).append(to: &output)
        }
    }

    /// Notes an unchanged node and those loaded below it.
    private mutating func keep(_ node: TrieNode) {
        switch node {
        case .empty, .stored: return
        case .leaf: entries.append(Entry(path: TriePath(path), rlp: nil))
        case .extension(let ext):
            entries.append(Entry(path: TriePath(path), rlp: nil))
            below(ext.nibbles) { $0.keep(ext.child) }
        case .branch(let branch):
            entries.append(Entry(path: TriePath(path), rlp: nil))
            for nibble in 0..<16 { below([UInt8(nibble)]) { $0.keep(branch.children[nibble]) } }
        }
    }

    private mutating func encode(_ node: TrieNode) -> [UInt8] {
        var payload: [UInt8] = []
        switch node {
        case .empty, .stored: node.unchangedReference?.append(to: &payload)
        case .leaf(let leaf):
            payload.reserveCapacity(leaf.value.count + leaf.nibbles.count / 2 + 5)
            RLP.append(bytes: HexPrefix.encode(leaf.nibbles, isLeaf: true), to: &payload)
            RLP.append(bytes: leaf.value, to: &payload)
        case .extension(let ext):
            RLP.append(bytes: HexPrefix.encode(ext.nibbles, isLeaf: false), to: &payload)
            below(ext.nibbles) { $0.appendReference(to: ext.child, &payload) }
        case .branch(let branch):
            payload.reserveCapacity(16 * 33 + 1 + branch.value.count)
            appendChildren(of: branch, &payload)
            RLP.append(bytes: branch.value, to: &payload)
        }
        return RLP.encode(listPayload: payload)
    }

    private mutating func appendChildren(of branch: BranchNode, _ payload: inout [UInt8]) {
        guard isParallel else {
            for nibble in 0..<16 {
                path.append(UInt8(nibble))
                appendReference(to: branch.children[nibble], &payload)
                path.removeLast()
            }
            return
        }
        isParallel = false
        let done = Mutex([Int: (nodes: FinishedNodes, output: [UInt8])]())
        // Nothing is changed, and no thread looks at another one's child.
        nonisolated(unsafe) let children = branch.children
        let path = path
        DispatchQueue.concurrentPerform(iterations: 16) { nibble in
            var nodes = FinishedNodes(path: path + [UInt8(nibble)], isParallel: false)
            var output: [UInt8] = []
            nodes.appendReference(to: children[nibble], &output)
            done.withLock { $0[nibble] = (nodes, output) }
        }
        let results = done.withLock { $0 }
        for nibble in 0..<16 {
            guard let (nodes, output) = results[nibble] else { preconditionFailure("every child was visited") }
            entries += nodes.entries
            payload += output
        }
    }

    private mutating func below(_ nibbles: [UInt8], _ body: (inout FinishedNodes) -> Void) {
        path += nibbles
        body(&self)
        path.removeLast(nibbles.count)
    }
}
