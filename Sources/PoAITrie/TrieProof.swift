import PoAIPrimitives

/// Checking what someone says about a trie of which only the root is known.
public enum TrieProof {
    /// The value of `key` in the trie with this root, nil if the proof shows that it has none. `nodes` are the RLP of the
    /// stored nodes from the root towards the key, exactly those (as `MerkleTrie.proof(for:)` and eth_getProof give them).
    /// - Throws: `TrieProofError` unless the nodes prove one or the other.
    public static func verify(
        root: Hash32, key: some Collection<UInt8>, nodes: [[UInt8]]
    ) throws(TrieProofError) -> [UInt8]? {
        var used = 0
        let value = try TrieLookup.find(key, root: root) { hash, _ throws(TrieProofError) in
            guard used < nodes.count else { throw .tooShort(got: nodes.count) }
            let node = try open(nodes[used], index: used, expected: hash)
            used += 1
            return node
        }
        guard used == nodes.count else { throw .tooLong(used: used, got: nodes.count) }
        return value
    }

    private static func open(_ rlp: [UInt8], index: Int, expected: Hash32) throws(TrieProofError) -> TrieNode {
        let got = Keccak256.hash(rlp)
        guard got == expected else { throw .mismatch(index: index, expected: expected, got: got) }
        do {
            return try TrieNode(rlp: rlp, reference: .hash(got))
        } catch {
            throw .malformed(index: index, error)
        }
    }
}

/// Why a list of nodes proves nothing about a key.
public enum TrieProofError: Error, Equatable, Sendable, CustomStringConvertible {
    /// More nodes are needed to reach the key.
    case tooShort(got: Int)
    /// Nodes are left over.
    case tooLong(used: Int, got: Int)
    /// The node at `index` is not the one its predecessor, or the root, names.
    case mismatch(index: Int, expected: Hash32, got: Hash32)
    /// The node at `index` is no trie node.
    case malformed(index: Int, TrieNodeFault)

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooShort(let got): "trie proof ends after \(got) nodes, before the key"
        case .tooLong(let used, let got): "trie proof has \(got) nodes, of which only \(used) lead to the key"
        case .mismatch(let index, let expected, let got):
            "trie proof node \(index) has hash \(got), expected \(expected)"
        case .malformed(let index, let fault): "trie proof node \(index) is malformed: \(fault)"
        }
    }
}
