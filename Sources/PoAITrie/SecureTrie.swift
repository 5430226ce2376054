import PoAIPrimitives

/// A trie under the Keccak-256 of its keys, as Ethereum's state (keys are addresses) and storage (32-byte slots) are:
/// nobody can choose keys that make long paths.
public struct SecureTrie<Reader: TrieNodeReader> {
    /// The trie under the hashed keys.
    public let hashed: MerkleTrie<Reader>

    /// What reading can throw.
    public typealias Failure = TrieError<Reader.Failure>

    /// The trie with this root, whose nodes `reader` has.
    public init(root: Hash32, reader: Reader) { hashed = MerkleTrie(root: root, reader: reader) }

    /// The value of `key`, which is not hashed yet; nil if it has none.
    /// - Throws: `TrieError`.
    public func value(for key: [UInt8]) throws(Failure) -> [UInt8]? {
        try hashed.value(for: Keccak256.hash(key).bytes)
    }

    /// As `MerkleTrie.proof(for:)`, for a key which is not hashed yet.
    /// - Throws: `TrieError`.
    public func proof(for key: [UInt8]) throws(Failure) -> [[UInt8]] {
        try hashed.proof(for: Keccak256.hash(key).bytes)
    }

    /// As `MerkleTrie.updated(_:)`, for keys which are not hashed yet.
    /// - Throws: `TrieError`.
    public func updated(_ updates: [TrieUpdate]) throws(Failure) -> TrieCommit {
        try hashed.updated(updates.map { TrieUpdate(key: Keccak256.hash($0.key).bytes, value: $0.value) })
    }

    /// The account at `address`, nil if it does not exist.
    /// - Throws: `TrieError`; a value that is no account is `TrieError.malformed` with its RLP fault, at the full key.
    public func account(_ address: Address) throws(Failure) -> Account? {
        let key = address.withUnsafeBytes { Keccak256.hash($0) }.bytes
        guard let value = try hashed.value(for: key) else { return nil }
        do {
            return try Account(rlp: value)
        } catch {
            throw .malformed(path: TriePath(key: key), .rlp(error))
        }
    }
}

extension SecureTrie: Sendable where Reader: Sendable {}

extension TrieUpdate {
    /// A new account at `address`, or nil for none, for the state trie given as a `SecureTrie`.
    public init(address: Address, account: Account?) {
        self.init(key: address.bytes, value: account?.rlpEncoded())
    }
}
