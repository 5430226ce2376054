import PoAIPrimitives
import PoAITrie
import Testing

/// A trie in memory that checks its invariants after every step: the root's nodes are all there, nothing else is, every
/// key has its value, and the same keys put in from nothing give the same root.
struct CheckedTrie {
    private(set) var store = MemoryTrieNodes()
    private(set) var root = EmptyTrie.root
    private(set) var values: [[UInt8]: [UInt8]] = [:]

    var trie: MerkleTrie<MemoryTrieNodes> { MerkleTrie(root: root, reader: store) }

    /// Applies a batch and checks; returns the changes.
    @discardableResult
    mutating func apply(_ updates: [TrieUpdate]) throws -> [TrieNodeChange] {
        let commit = try trie.updated(updates)
        for (left, right) in zip(commit.changes, commit.changes.dropFirst()) {
            #expect(left.path < right.path, "changes ascend, each path once")
        }
        for change in commit.changes {
            #expect(store.node(at: change.path) != change.node, "no change without a difference at \(change.path)")
        }
        let before = commit.changes.map { TrieNodeChange(path: $0.path, node: store.node(at: $0.path)) }
        #expect(commit.inverse == before, "the inverse is what the store held")
        store.apply(commit.changes)
        root = commit.root
        for update in updates { values[update.key] = update.value?.isEmpty == true ? nil : update.value }
        try check()
        return commit.changes
    }

    func check() throws {
        var reached: [TriePath] = []
        var found: [TriePath: [UInt8]] = [:]
        var keys: [TriePath] = []
        try trie.walk { visit in
            switch visit {
            case .node(let path, _): reached.append(path)
            case .value(let key, let value):
                keys.append(key)
                found[key] = value
            }
        }
        #expect(reached.sorted() == store.paths, "stored nodes are exactly those reached")
        #expect(keys == keys.sorted(), "the walk is in the order of keys")
        #expect(found == Dictionary(uniqueKeysWithValues: values.map { (TriePath(key: $0), $1) }))
        let sorted = values.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let fresh = try MerkleTrie(root: EmptyTrie.root, reader: NoTrieNodes())
            .updated(sorted.map { TrieUpdate(key: $0, value: values[$0]) })
        #expect(fresh.root == root, "built from nothing")
        #expect(fresh.changes.map(\.path) == store.paths)
        for change in fresh.changes { #expect(store.node(at: change.path) == change.node) }
    }
}
