import PoAIPrimitives

extension TrieNode {
    /// The node that `rlp` encodes; `reference` is what its parent holds for it.
    /// - Throws: `TrieNodeFault` unless it is a canonical node.
    init(rlp: [UInt8], reference: NodeReference) throws(TrieNodeFault) {
        if let node = Self.common(rlp, reference: reference) {
            self = node
            return
        }
        let item: RLPItem
        do {
            item = try RLP.decode(rlp)
        } catch {
            throw .rlp(error)
        }
        try self.init(item, reference: reference)
    }

    private init(_ item: RLPItem, reference: NodeReference) throws(TrieNodeFault) {
        guard case .list(let items) = item else { throw .rlp(.expectedList) }
        switch items.count {
        case 2: self = try Self.shortNode(key: items[0], items[1], reference: reference)
        case 17: self = try Self.branch(items, reference: reference)
        default: throw .itemCount(got: items.count)
        }
    }

    private static func shortNode(
        key: RLPItem, _ content: RLPItem, reference: NodeReference
    ) throws(TrieNodeFault) -> TrieNode {
        guard case .bytes(let bytes) = key, let (nibbles, isLeaf) = HexPrefix.decode(bytes) else { throw .keyEncoding }
        if isLeaf {
            guard case .bytes(let value) = content else { throw .rlp(.expectedBytes) }
            if value.isEmpty { throw .emptyValue }
            return .leaf(LeafNode(nibbles, value: value, reference: reference))
        }
        if nibbles.isEmpty { throw .emptyExtension }
        let child = try child(content)
        switch child {
        case .stored, .branch: return .extension(ExtensionNode(nibbles, child: child, reference: reference))
        default: throw .extensionWithoutBranch
        }
    }

    private static func branch(_ items: [RLPItem], reference: NodeReference) throws(TrieNodeFault) -> TrieNode {
        var children: [TrieNode] = []
        children.reserveCapacity(16)
        for item in items.prefix(16) { children.append(try child(item)) }
        guard case .bytes(let value)? = items.last else { throw .rlp(.expectedBytes) }
        let node = BranchNode(children: children, value: value, reference: reference)
        guard node.entryCount >= 2 else { throw .lonelyBranch }
        return .branch(node)
    }

    private static func child(_ item: RLPItem) throws(TrieNodeFault) -> TrieNode {
        switch item {
        case .bytes([]):
            return .empty
        case .bytes(let bytes):
            guard let hash = Hash32(bytes) else { throw .childReference(got: bytes.count) }
            return .stored(hash)
        case .list:
            let rlp = RLP.encode(item)
            guard rlp.count < 32 else { throw .childReference(got: rlp.count) }
            return try TrieNode(item, reference: .embedded(rlp))
        }
    }
}
