import PoAIPrimitives

/// An account of the state (Yellow Paper, section 4.1). Its RLP is the value under the Keccak-256 of its address.
public struct Account: Hashable, Sendable {
    /// Transactions sent, or contracts created.
    public var nonce: UInt64
    /// Wei.
    public var balance: UInt256
    /// Root of the account's storage trie.
    public var storageRoot: Hash32
    /// Keccak-256 of the account's code.
    public var codeHash: Hash32

    /// Storage root of an account without storage.
    public static var emptyStorageRoot: Hash32 { EmptyTrie.root }
    /// Code hash of an account without code.
    public static var emptyCodeHash: Hash32 { Keccak256.empty }

    /// An account without code and storage unless given.
    public init(
        nonce: UInt64 = 0, balance: UInt256 = .zero, storageRoot: Hash32 = Account.emptyStorageRoot,
        codeHash: Hash32 = Account.emptyCodeHash
    ) {
        self.nonce = nonce
        self.balance = balance
        self.storageRoot = storageRoot
        self.codeHash = codeHash
    }

    /// Whether the account counts as not existing (EIP-161): nonce and balance are 0 and it has no code.
    public var isEmpty: Bool { nonce == 0 && balance.isZero && codeHash == Account.emptyCodeHash }

    /// RLP of the list nonce, balance, storage root, code hash.
    public func rlpEncoded() -> [UInt8] {
        RLP.encode(.list([.uint(nonce), .uint(balance), .hash(storageRoot), .hash(codeHash)]))
    }

    /// The account that `rlp` encodes.
    /// - Throws: `RLPError` unless it is the canonical encoding of an account.
    public init(rlp: [UInt8]) throws(RLPError) {
        let fields = try RLP.decode(rlp).list(count: 4)
        nonce = try fields[0].uint64()
        balance = try fields[1].uint256()
        storageRoot = try fields[2].hash32()
        codeHash = try fields[3].hash32()
    }
}
