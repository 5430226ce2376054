import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

@Suite struct OrderedTrieTests {
    /// Against the definition: a trie of RLP(index), in a random order of insertion.
    @Test func isTheTrieOfEncodedIndices() throws {
        var random = DeterministicRandom(seed: 11)
        for count in [1, 2, 3, 17, 127, 128, 129, 256, 300] {
            let items = (0..<count).map { _ in random.bytes(1 + random.below(200)) }
            var updates = items.enumerated().map { TrieUpdate(key: RLP.encode(.uint(UInt64($0))), value: $1) }
            updates.shuffle(using: &random)
            var trie = CheckedTrie()
            try trie.apply(updates)
            let root = OrderedTrie.root(items)
            #expect(root == trie.root)
            #expect(try trie.trie.value(for: count == 1 ? [0x80] : [0x01]) == items[count == 1 ? 0 : 1])
            var swapped = items
            swapped.swapAt(0, count - 1)
            if count > 1 { #expect(OrderedTrie.root(swapped) != root) }
            #expect(OrderedTrie.root(items.dropLast()) != root)
        }
    }
}
