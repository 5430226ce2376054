import PoAIPrimitives

/// What the machine knows of an account: all but its storage.
public struct AccountState: Hashable, Sendable {
    /// Transactions sent, or contracts created.
    public var nonce: UInt64
    /// Wei.
    public var balance: UInt256
    /// Keccak-256 of the code.
    public var codeHash: Hash32

    /// An account; without code unless given.
    public init(nonce: UInt64 = 0, balance: UInt256 = .zero, codeHash: Hash32 = Keccak256.empty) {
        self.nonce = nonce
        self.balance = balance
        self.codeHash = codeHash
    }

    /// Whether the account counts as not existing (EIP-161).
    public var isEmpty: Bool { nonce == 0 && balance.isZero && codeHash == Keccak256.empty }
}

/// A state to execute on, and the hashes of earlier blocks. The machine caches what it read, so each thing is asked for once
/// a block.
public protocol StateView {
    /// What reading may fail with.
    associatedtype Failure: Error
    /// The account at `address`; nil if it does not exist.
    func account(_ address: Address) throws(Failure) -> AccountState?
    /// The code with the Keccak-256 `hash`, which some account of the state has.
    func code(_ hash: Hash32) throws(Failure) -> [UInt8]
    /// The word in a storage slot; zero if it was never set.
    func storage(_ address: Address, _ slot: UInt256) throws(Failure) -> UInt256
    /// Whether any storage slot of the account is set. Asked only for an account without nonce and code where a contract is
    /// about to be created, which must fail then (EIP-7610); only a genesis can hold such an account.
    func hasStorage(_ address: Address) throws(Failure) -> Bool
    /// The hash of the canonical block at `number`, asked for the 256 blocks below the executed one only; nil if unknown.
    func blockHash(_ number: UInt64) throws(Failure) -> Hash32?
}
