import PoAIPrimitives

/// A place in a trie held in memory. Nodes below it are loaded as far as somebody looked.
enum TrieNode {
    case empty
    /// A node in the store, not loaded.
    case stored(Hash32)
    case leaf(LeafNode)
    case `extension`(ExtensionNode)
    case branch(BranchNode)

    var isEmpty: Bool {
        if case .empty = self { return true }
        return false
    }

    /// What the parent holds for this node if it did not change since it was loaded.
    var unchangedReference: NodeReference? {
        switch self {
        case .empty: .embedded([0x80])
        case .stored(let hash): .hash(hash)
        case .leaf(let node): node.reference
        case .extension(let node): node.reference
        case .branch(let node): node.reference
        }
    }
}

/// What a node's parent holds for it.
enum NodeReference {
    /// The hash of a node in the store.
    case hash(Hash32)
    /// The RLP of a node below 32 bytes.
    case embedded([UInt8])

    /// Appends it as the parent's RLP has it.
    func append(to output: inout [UInt8]) {
        switch self {
        case .hash(let hash):
            output.append(0xA0)
            hash.withUnsafeBytes { output.append(contentsOf: $0) }
        case .embedded(let rlp):
            output.append(contentsOf: rlp)
        }
    }
}

/// The end of a key, and its value.
final class LeafNode {
    let nibbles: [UInt8]
    /// Not empty.
    var value: [UInt8]
    /// nil once changed, or when it is new.
    var reference: NodeReference?

    init(_ nibbles: [UInt8], value: [UInt8], reference: NodeReference? = nil) {
        self.nibbles = nibbles
        self.value = value
        self.reference = reference
    }
}

/// Nibbles that all keys below share.
final class ExtensionNode {
    /// Not empty.
    let nibbles: [UInt8]
    /// A branch, loaded or not.
    var child: TrieNode
    /// As in `LeafNode`.
    var reference: NodeReference?

    init(_ nibbles: [UInt8], child: TrieNode, reference: NodeReference? = nil) {
        self.nibbles = nibbles
        self.child = child
        self.reference = reference
    }
}

/// One child for every next nibble, and the value of the key that ends here. At least two of the 17 are there.
final class BranchNode {
    /// 16 of them.
    var children: [TrieNode]
    /// Empty when no key ends here.
    var value: [UInt8]
    /// As in `LeafNode`.
    var reference: NodeReference?

    init(children: [TrieNode], value: [UInt8], reference: NodeReference? = nil) {
        self.children = children
        self.value = value
        self.reference = reference
    }

    convenience init() {
        self.init(children: [TrieNode](repeating: .empty, count: 16), value: [])
    }

    /// Children that are there, and one for the value.
    var entryCount: Int { children.reduce(value.isEmpty ? 0 : 1) { $0 + ($1.isEmpty ? 0 : 1) } }
}
