import PoAIPrimitives

/// The two forms that nearly all nodes of a large trie have, read without making RLP items of them.
extension TrieNode {
    /// The node if `rlp` is a branch of hashes without a value, or a leaf with a value of at least 56 bytes, in canonical
    /// form. nil for anything else, which may be a node all the same.
    static func common(_ rlp: [UInt8], reference: NodeReference) -> TrieNode? {
        rlp.withUnsafeBytes { rlp in
            guard let payload = longListPayload(rlp) else { return nil }
            return branchOfHashes(payload, reference: reference) ?? longLeaf(payload, reference: reference)
        }
    }

    /// What is in the list if it has 56 to 65535 bytes.
    private static func longListPayload(_ rlp: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard rlp.count > 2 else { return nil }
        switch rlp[0] {
        case 0xF8:
            let count = Int(rlp[1])
            return count >= 56 && rlp.count == 2 + count ? rlp.from(2) : nil
        case 0xF9:
            let count = Int(rlp[1]) << 8 | Int(rlp[2])
            return count >= 256 && rlp.count == 3 + count ? rlp.from(3) : nil
        default:
            return nil
        }
    }

    private static func branchOfHashes(_ payload: UnsafeRawBufferPointer, reference: NodeReference) -> TrieNode? {
        // 16 children of 1 or 33 bytes and an empty value, at least two children present.
        guard payload.last == 0x80, payload.count >= 17 + 2 * 32, (payload.count - 17) % 32 == 0 else { return nil }
        var children: [TrieNode] = []
        children.reserveCapacity(16)
        var position = 0
        while children.count < 16 {
            // The last byte is the value's.
            guard position < payload.count - 1 else { return nil }
            switch payload[position] {
            case 0x80:
                children.append(.empty)
                position += 1
            case 0xA0:
                let end = position + 33
                guard end < payload.count, let hash = Hash32(payload.from(position + 1, to: end)) else { return nil }
                children.append(.stored(hash))
                position = end
            default: return nil
            }
        }
        guard position == payload.count - 1 else { return nil }
        return .branch(BranchNode(children: children, value: [], reference: reference))
    }

    private static func longLeaf(_ payload: UnsafeRawBufferPointer, reference: NodeReference) -> TrieNode? {
        // A key part of 2 to 55 bytes, then a value of 56 to 255.
        guard let prefix = payload.first, (0x82...0xB7).contains(prefix) else { return nil }
        let keyEnd = 1 + Int(prefix) - 0x80
        guard payload.count > keyEnd + 2, payload[keyEnd] == 0xB8, payload[keyEnd + 1] >= 56 else { return nil }
        let value = payload.from(keyEnd + 2)
        guard value.count == Int(payload[keyEnd + 1]),
            let (nibbles, isLeaf) = HexPrefix.decode(payload.from(1, to: keyEnd)), isLeaf
        else { return nil }
        return .leaf(LeafNode(nibbles, value: Array(value), reference: reference))
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes at `start..<end`, or to the end.
    fileprivate func from(_ start: Int, to end: Int? = nil) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<(end ?? count)])
    }
}
