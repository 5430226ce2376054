import PoAIPrimitives

/// Where a trie's nodes are kept, each under its path; what `TrieCommit.changes` say is to be applied to it.
///
/// Kept are the root and every node whose RLP has at least 32 bytes; smaller ones lie inside their parent. As a path holds
/// one node at a time, the store has the nodes of one root only, and replaced nodes are gone with the change.
public protocol TrieNodeReader {
    /// What can go wrong with reading; `Never` in memory.
    associatedtype Failure: Error

    /// The RLP of the node at `path`, nil if there is none.
    func node(at path: TriePath) throws(Failure) -> [UInt8]?

    /// Runs `body` with a reader of the same nodes for the calling thread, which may be any, while other threads have theirs;
    /// nil, without having run it, when there is none to be had.
    func withFork<Result>(_ body: (Self) -> Result) -> Result?
}

extension TrieNodeReader {
    /// None to be had.
    public func withFork<Result>(_ body: (Self) -> Result) -> Result? { nil }
}

/// A store that holds nothing: the reader of the empty trie.
public struct NoTrieNodes: TrieNodeReader, Sendable {
    /// The one empty store.
    public init() {}

    /// nil.
    public func node(at path: TriePath) -> [UInt8]? { nil }
}

/// A store in memory.
public struct MemoryTrieNodes: TrieNodeReader, Sendable {
    private var nodes: [TriePath: [UInt8]] = [:]

    /// The store of the empty trie.
    public init() {}

    /// The RLP of the node at `path`, nil if there is none.
    public func node(at path: TriePath) -> [UInt8]? { nodes[path] }

    /// Itself: nothing changes while it is read.
    public func withFork<Result>(_ body: (MemoryTrieNodes) -> Result) -> Result? { body(self) }

    /// Applies the changes of a commit.
    public mutating func apply(_ changes: [TrieNodeChange]) {
        for change in changes { nodes[change.path] = change.node }
    }

    /// Paths of all nodes, ascending.
    public var paths: [TriePath] { nodes.keys.sorted() }
}
