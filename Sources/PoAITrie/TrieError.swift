import PoAIPrimitives

/// A trie that cannot be read as its root says: the store failed, or holds something else.
public enum TrieError<ReadFailure: Error>: Error, CustomStringConvertible {
    /// The store could not read the node.
    case reading(path: TriePath, ReadFailure)
    /// The store has no node where one must be.
    case missing(path: TriePath, expected: Hash32)
    /// The store has another node than the one its parent, or the root, names by hash.
    case mismatch(path: TriePath, expected: Hash32, got: Hash32)
    /// The node has the right hash, but is no trie node.
    case malformed(path: TriePath, TrieNodeFault)

    /// One line for a person.
    public var description: String {
        switch self {
        case .reading(let path, let failure): "trie node at \(path) cannot be read: \(failure)"
        case .missing(let path, let expected): "trie node at \(path) is missing, expected the one with hash \(expected)"
        case .mismatch(let path, let expected, let got):
            "trie node at \(path) is corrupted: expected hash \(expected), got \(got)"
        case .malformed(let path, let fault): "trie node at \(path) is malformed: \(fault)"
        }
    }
}

extension TrieError: Equatable where ReadFailure: Equatable {}
extension TrieError: Sendable where ReadFailure: Sendable {}

/// Why bytes are not the canonical RLP of a trie node.
public enum TrieNodeFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not canonical RLP.
    case rlp(RLPError)
    /// A node is a list of 2 or 17 items.
    case itemCount(got: Int)
    /// The key part is not in hex-prefix form.
    case keyEncoding
    /// A leaf without value.
    case emptyValue
    /// An extension by no nibbles.
    case emptyExtension
    /// An extension whose child is not a branch.
    case extensionWithoutBranch
    /// A branch with fewer than two of its 16 children and its value.
    case lonelyBranch
    /// A child is neither a hash nor a node of less than 32 bytes; `got` is the length of its RLP.
    case childReference(got: Int)
    /// The path is longer than any key.
    case tooDeep

    /// One line for a person.
    public var description: String {
        switch self {
        case .rlp(let error): "\(error)"
        case .itemCount(let got): "a list of \(got) items, expected 2 or 17"
        case .keyEncoding: "its key part is not in hex-prefix form"
        case .emptyValue: "a leaf without value"
        case .emptyExtension: "an extension of no nibbles"
        case .extensionWithoutBranch: "an extension whose child is not a branch"
        case .lonelyBranch: "a branch of fewer than two entries"
        case .childReference(let got): "a child given by \(got) bytes, expected a 32-byte hash or a node below 32 bytes"
        case .tooDeep: "it lies deeper than any key reaches"
        }
    }
}
