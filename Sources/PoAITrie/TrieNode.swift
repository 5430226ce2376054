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
    var unchangedReference: [UInt8]? {
        switch self {
        case .empty: [0x80]
        case .stored(let hash): [0xA0] + hash.bytes
        case .leaf(let node): node.reference
        case .extension(let node): node.reference
        case .branch(let node): node.reference
        }
    }
}

/// The end of a key, and its value.
final class LeafNode {
    let nibbles: [UInt8]
    /// Not empty.
    var value: [UInt8]
    /// The node as its parent holds it, its RLP or the RLP of its hash; nil once changed, or when it is new.
    var reference: [UInt8]?

    init(_ nibbles: [UInt8], value: [UInt8], reference: [UInt8]? = nil) {
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
    var reference: [UInt8]?

    init(_ nibbles: [UInt8], child: TrieNode, reference: [UInt8]? = nil) {
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
    var reference: [UInt8]?

    init(children: [TrieNode], value: [UInt8], reference: [UInt8]? = nil) {
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
