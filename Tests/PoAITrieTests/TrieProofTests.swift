import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

@Suite struct TrieProofTests {
    private static func sample(_ count: Int, seed: UInt64, keySize: Int) throws -> CheckedTrie {
        var random = DeterministicRandom(seed: seed)
        var trie = CheckedTrie()
        try trie.apply(
            (0..<count).map { _ in TrieUpdate(key: random.bytes(keySize), value: random.bytes(1 + random.below(50))) })
        return trie
    }

    @Test(arguments: [1, 2, 3, 32]) func presenceAndAbsence(keySize: Int) throws {
        let sample = try Self.sample(keySize == 1 ? 60 : 300, seed: 5, keySize: keySize)
        var random = DeterministicRandom(seed: 6)
        for (key, value) in sample.values {
            let proof = try sample.trie.proof(for: key)
            #expect(try TrieProof.verify(root: sample.root, key: key, nodes: proof) == value)
            #expect(try sample.trie.value(for: key) == value)
        }
        var absent = 0
        for _ in 0..<300 {
            let key = random.bytes(keySize)
            let value = sample.values[key]
            if value == nil { absent += 1 }
            let proof = try sample.trie.proof(for: key)
            #expect(try TrieProof.verify(root: sample.root, key: key, nodes: proof) == value)
            #expect(try sample.trie.value(for: key) == value)
        }
        #expect(absent > 100)
    }

    @Test func everyChangedBitIsFound() throws {
        let sample = try Self.sample(100, seed: 7, keySize: 32)
        let key = try #require(sample.values.keys.min { $0.lexicographicallyPrecedes($1) })
        let proof = try sample.trie.proof(for: key)
        #expect(proof.count >= 2)
        for node in proof.indices {
            for bit in 0..<8 * proof[node].count {
                var changed = proof
                changed[node][bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: TrieProofError.self) {
                    try TrieProof.verify(root: sample.root, key: key, nodes: changed)
                }
            }
        }
    }

    @Test func wrongNodeLists() throws {
        let sample = try Self.sample(100, seed: 8, keySize: 32)
        let key = try #require(sample.values.keys.min { $0.lexicographicallyPrecedes($1) })
        let proof = try sample.trie.proof(for: key)
        func verify(_ nodes: [[UInt8]], root: Hash32? = nil) throws -> [UInt8]? {
            try TrieProof.verify(root: root ?? sample.root, key: key, nodes: nodes)
        }
        #expect(throws: TrieProofError.tooShort(got: proof.count - 1)) { try verify(proof.dropLast()) }
        #expect(throws: TrieProofError.tooShort(got: 0)) { try verify([]) }
        #expect(throws: TrieProofError.tooLong(used: proof.count, got: proof.count + 1)) {
            try verify(proof + [[0x80]])
        }
        #expect(throws: TrieProofError.self) { try verify(proof.reversed()) }
        #expect(throws: TrieProofError.self) { try verify(proof, root: Keccak256.hash([1])) }
        // The empty trie needs no nodes, and takes none.
        #expect(try verify([], root: EmptyTrie.root) == nil)
        #expect(throws: TrieProofError.tooLong(used: 0, got: proof.count)) { try verify(proof, root: EmptyTrie.root) }
    }

    /// Bytes with the right hash that are no canonical node.
    @Test(arguments: [
        ("", TrieNodeFault.rlp(.emptyInput)),
        ("01", .rlp(.expectedList)),
        ("c0", .itemCount(got: 0)),
        ("c3010203", .itemCount(got: 3)),
        ("c22080", .emptyValue),
        ("c22101", .keyEncoding),
        ("c24001", .keyEncoding),
        ("c28001", .keyEncoding),
        ("c2c001", .keyEncoding),
        ("c220c0", .rlp(.expectedBytes)),
        ("c200c0", .emptyExtension),
        ("c21180", .extensionWithoutBranch),
        ("c41182aabb", .childReference(got: 2)),
        ("c411c22001", .extensionWithoutBranch),
        ("d18080808080808080808080808080808080", .lonelyBranch),
        ("d18080808080808080808080808080808001", .lonelyBranch),
        ("d1c080808080808080808080808080808080", .itemCount(got: 0)),
    ])
    func malformedNodes(hex: String, fault: TrieNodeFault) throws {
        let rlp = try Hex.decode(hex)
        let nodes = [rlp]
        #expect(throws: TrieProofError.malformed(index: 0, fault)) {
            try TrieProof.verify(root: Keccak256.hash(rlp), key: [0x01], nodes: nodes)
        }
    }

    /// The decoder of nodes takes any bytes without trapping, however the root names them.
    @Test func mutatedNodes() throws {
        let sample = try Self.sample(40, seed: 9, keySize: 2)
        var random = DeterministicRandom(seed: 10)
        var refused = 0
        for (key, _) in sample.values.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            for original in try sample.trie.proof(for: key) {
                for _ in 0..<40 {
                    var rlp = original
                    for _ in 0...random.below(3) {
                        rlp[random.below(min(rlp.count, 40))] = UInt8(truncatingIfNeeded: random.next())
                    }
                    let result = Result { try TrieProof.verify(root: Keccak256.hash(rlp), key: key, nodes: [rlp]) }
                    if case .failure = result { refused += 1 }
                }
            }
        }
        #expect(refused > 1000)
    }
}
