import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

@Suite struct TrieRandomTests {
    /// How keys look: those of fixed length and spread as in the state; short ones of few nibbles, where keys are prefixes
    /// of each other and nodes lie inside their parents; long ones that differ late.
    enum Keys: CaseIterable { case hashed, crowded, lateDifference }

    @Test(arguments: Keys.allCases, [0, 1, 20, 40])
    func batchesAgainstRebuilding(keys: Keys, valueSize: Int) throws {
        var random = DeterministicRandom(seed: UInt64(valueSize) + 1)
        var trie = CheckedTrie()
        for batch in 0..<60 {
            // Mostly growing at first, mostly shrinking at the end.
            let removals = batch < 30 ? 2 : 8
            let updates = (0..<1 + random.below(12)).map { _ in
                let known = trie.values.keys.sorted { $0.lexicographicallyPrecedes($1) }
                let reuse = !known.isEmpty && random.below(10) < (batch < 30 ? 4 : 9)
                let key = reuse ? known[random.below(known.count)] : Self.key(keys, &random)
                let remove = random.below(10) < removals
                let size = valueSize == 0 ? random.below(70) : valueSize
                return TrieUpdate(key: key, value: remove ? nil : random.bytes(size))
            }
            try trie.apply(updates)
        }
        try trie.apply(trie.values.keys.map { TrieUpdate(key: $0, value: nil) })
        #expect(trie.root == EmptyTrie.root && trie.store.paths.isEmpty)
    }

    /// Changing one account of many writes the nodes on the way to it and no others.
    @Test func onlyTheWayIsTouched() throws {
        var random = DeterministicRandom(seed: 77)
        var trie = CheckedTrie()
        let keys = (0..<700).map { _ in random.bytes(32) }
        try trie.apply(keys.map { TrieUpdate(key: $0, value: random.bytes(60)) })
        for key in keys.prefix(20) {
            let way = try trie.trie.proof(for: key).count
            let changes = try trie.apply([TrieUpdate(key: key, value: random.bytes(60))])
            #expect(changes.count == way && way <= 6)
            let path = TriePath(key: key).nibbles
            for change in changes { #expect(path.starts(with: change.path.nibbles) && change.node != nil) }
            #expect(try trie.apply([TrieUpdate(key: key, value: trie.values[key])]).isEmpty, "the same value")
            let absent = random.bytes(32)
            #expect(try trie.apply([TrieUpdate(key: absent, value: nil)]).isEmpty, "removing what is not there")
            #expect(
                try trie.apply([
                    TrieUpdate(key: absent, value: [1]), TrieUpdate(key: key, value: nil),
                    TrieUpdate(key: key, value: trie.values[key]), TrieUpdate(key: absent, value: nil),
                ]).isEmpty, "there and back in one batch")
        }
    }

    /// Many updates at once are spread over threads; what comes out is the same as one after another, whatever the trie is
    /// like at its top.
    @Test(arguments: Keys.allCases, [1, 2, 3]) func manyAtOnceAreAsOneAfterAnother(keys: Keys, seed: UInt64) throws {
        var random = DeterministicRandom(seed: seed)
        var trie = CheckedTrie()
        for step in 0..<8 {
            var updates = (0..<600).map { _ in TrieUpdate(key: Self.key(keys, &random), value: random.bytes(40)) }
            let known = trie.values.keys.sorted { $0.lexicographicallyPrecedes($1) }
            // All but a few removed at the end, below one child or two of the root.
            let removed = step == 6 ? known.filter { $0.first.map { $0 >> 4 != 3 } ?? true } : []
            let last = step == 7 ? known : []
            if step >= 6 { updates = [] }
            for key in removed + last + known.filter({ _ in random.below(4) == 0 }) {
                updates.append(TrieUpdate(key: key, value: nil))
                if random.below(9) == 0 { updates.append(TrieUpdate(key: key, value: random.bytes(40))) }
            }
            if step < 6 { #expect(updates.count >= 256) }
            let alone = try MerkleTrie(root: trie.root, reader: Unforked(store: trie.store)).updated(updates)
            #expect(try trie.trie.updated(updates) == alone)
            try trie.apply(updates)
        }
    }

    /// A reader for one thread.
    private struct Unforked: TrieNodeReader {
        let store: MemoryTrieNodes
        func node(at path: TriePath) -> [UInt8]? { store.node(at: path) }
    }

    /// A node that a thread cannot load is named as when it is alone.
    @Test func aMissingNodeIsNamedByEveryThread() throws {
        var random = DeterministicRandom(seed: 5)
        let keys = (0..<2000).map { _ in random.bytes(32) }
        let filled = try MerkleTrie(root: EmptyTrie.root, reader: NoTrieNodes())
            .updated(keys.map { TrieUpdate(key: $0, value: random.bytes(60)) })
        var store = MemoryTrieNodes()
        store.apply(filled.changes)
        let gone = TriePath([7])
        store.apply([TrieNodeChange(path: gone, node: nil)])
        let error = #expect(throws: TrieError<Never>.self) {
            try MerkleTrie(root: filled.root, reader: store).updated(keys.map { TrieUpdate(key: $0, value: [1]) })
        }
        guard case .missing(let path, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == gone)
    }

    private static func key(_ keys: Keys, _ random: inout DeterministicRandom) -> [UInt8] {
        switch keys {
        case .hashed: random.bytes(32)
        case .crowded: (0..<random.below(4)).map { _ in [0x00, 0x01, 0x10, 0x11, 0xF0][random.below(5)] }
        case .lateDifference:
            [UInt8](repeating: 0xAA, count: 28 + random.below(2)) + random.bytes(random.below(3))
        }
    }
}
