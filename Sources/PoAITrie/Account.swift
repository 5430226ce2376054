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
        var payload: [UInt8] = []
        payload.reserveCapacity(108)
        RLP.append(bytes: UInt256(nonce).minimalBigEndianBytes, to: &payload)
        RLP.append(bytes: balance.minimalBigEndianBytes, to: &payload)
        for hash in [storageRoot, codeHash] { NodeReference.hash(hash).append(to: &payload) }
        return RLP.encode(listPayload: payload)
    }

    /// The account that `rlp` encodes.
    /// - Throws: `RLPError` unless it is the canonical encoding of an account.
    public init(rlp: [UInt8]) throws(RLPError) {
        if let account = Self.common(rlp) {
            self = account
            return
        }
        let fields = try RLP.decode(rlp).list(count: 4)
        nonce = try fields[0].uint64()
        balance = try fields[1].uint256()
        storageRoot = try fields[2].hash32()
        codeHash = try fields[3].hash32()
    }

    /// The account if `rlp` is its canonical encoding, read without making RLP items of it; nil for anything else.
    private static func common(_ rlp: [UInt8]) -> Account? {
        guard rlp.count >= 70, rlp[0] == 0xF8, Int(rlp[1]) == rlp.count - 2 else { return nil }
        var rest = rlp[2...]
        guard let nonce = takeInteger(&rest, limit: 8), let balance = takeInteger(&rest, limit: 32),
            rest.count == 66, rest.first == 0xA0, rest.dropFirst(33).first == 0xA0,
            let storageRoot = Hash32(rest.dropFirst().prefix(32)), let codeHash = Hash32(rest.dropFirst(34))
        else { return nil }
        return Account(nonce: nonce.limbs.0, balance: balance, storageRoot: storageRoot, codeHash: codeHash)
    }

    private static func takeInteger(_ rest: inout ArraySlice<UInt8>, limit: Int) -> UInt256? {
        guard let prefix = rest.popFirst() else { return nil }
        if (1..<0x80).contains(prefix) { return UInt256(UInt64(prefix)) }
        guard prefix >= 0x80, Int(prefix) - 0x80 <= limit else { return nil }
        let bytes = rest.prefix(Int(prefix) - 0x80)
        rest = rest.dropFirst(Int(prefix) - 0x80)
        guard bytes.count == Int(prefix) - 0x80, bytes.first != 0 else { return nil }
        if bytes.count == 1, let byte = bytes.first, byte < 0x80 { return nil }
        return UInt256(bigEndianBytes: bytes)
    }
}
