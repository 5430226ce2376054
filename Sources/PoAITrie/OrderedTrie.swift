import PoAIPrimitives

/// The trie of a list: item i under the RLP of i. Its root commits a header to transactions and receipts.
public enum OrderedTrie {
    /// The root for these items, none of which is empty (the encoding of a transaction or receipt never is).
    public static func root(_ items: [[UInt8]]) -> Hash32 {
        let updates = items.enumerated().map { index, item in
            TrieUpdate(key: RLP.encode(.uint(UInt64(index))), value: item)
        }
        do {
            return try MerkleTrie(root: EmptyTrie.root, reader: NoTrieNodes()).updated(updates).root
        } catch {
            preconditionFailure("a trie that grows from nothing reads no stored node: \(error)")
        }
    }
}
