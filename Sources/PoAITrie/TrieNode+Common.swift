import PoAIPrimitives

/// The two forms that nearly all nodes of a large trie have, read without making RLP items of them.
extension TrieNode {
    /// The node if `rlp` is a branch of hashes without a value, or a leaf with a value of at least 56 bytes, in canonical
    /// form. nil for anything else, which may be a node all the same.
    static func common(_ rlp: [UInt8], reference: NodeReference) -> TrieNode? {
        guard let payload = longListPayload(rlp) else { return nil }
        return branchOfHashes(payload, reference: reference) ?? longLeaf(payload, reference: reference)
    }

    /// What is in the list if it has 56 to 65535 bytes.
    private static func longListPayload(_ rlp: [UInt8]) -> ArraySlice<UInt8>? {
        guard rlp.count > 2 else { return nil }
        switch rlp[0] {
        case 0xF8:
            let count = Int(rlp[1])
            return count >= 56 && rlp.count == 2 + count ? rlp[2...] : nil
        case 0xF9:
            let count = Int(rlp[1]) << 8 | Int(rlp[2])
            return count >= 256 && rlp.count == 3 + count ? rlp[3...] : nil
        default:
            return nil
        }
    }

    private static func branchOfHashes(_ payload: ArraySlice<UInt8>, reference: NodeReference) -> TrieNode? {
        // 16 children of 1 or 33 bytes and an empty value, at least two children present.
        guard payload.last == 0x80, payload.count >= 17 + 2 * 32, (payload.count - 17) % 32 == 0 else { return nil }
        var children: [TrieNode] = []
        children.reserveCapacity(16)
        var rest = payload.dropLast()
        while children.count < 16 {
            switch rest.first {
            case 0x80:
                children.append(.empty)
                rest = rest.dropFirst()
            case 0xA0:
                guard let hash = rest.dropFirst().prefix(32).withUnsafeBytes({ Hash32($0) }) else { return nil }
                children.append(.stored(hash))
                rest = rest.dropFirst(33)
            default: return nil
            }
        }
        return rest.isEmpty ? .branch(BranchNode(children: children, value: [], reference: reference)) : nil
    }

    private static func longLeaf(_ payload: ArraySlice<UInt8>, reference: NodeReference) -> TrieNode? {
        // A key part of 2 to 55 bytes, then a value of 56 to 255.
        guard let prefix = payload.first, (0x82...0xB7).contains(prefix) else { return nil }
        let keyPart = payload.dropFirst().prefix(Int(prefix) - 0x80)
        let rest = payload.dropFirst(1 + Int(prefix) - 0x80)
        guard rest.first == 0xB8, let size = rest.dropFirst().first, size >= 56 else { return nil }
        let value = rest.dropFirst(2)
        guard value.count == Int(size), let (nibbles, isLeaf) = HexPrefix.decode(keyPart), isLeaf else { return nil }
        return .leaf(LeafNode(nibbles, value: Array(value), reference: reference))
    }
}
