import PoAIPrimitives
import PoAITypes

/// Transactions that wait to be mined, as the methods see them.
public protocol TransactionPool: Sendable {
    /// Takes a transaction in its envelope (EIP-2718).
    /// - Throws: why it is refused; code -32000 and a message as other nodes give it, `RPCError.rejected`.
    func submit(encoded: [UInt8]) throws(RPCError) -> Hash32
    /// The waiting transaction with a hash.
    func transaction(_ hash: Hash32) -> RecoveredTransaction?
    /// The nonce after an account's last transaction that can be mined; nil if none waits.
    func pendingNonce(_ address: Address) -> UInt64?
    /// How many can be mined now, and how many wait for others before them.
    func counts() -> (pending: Int, queued: Int)
    /// All, by sender.
    func content() -> [PoolAccount]
    /// Those of one sender.
    func content(of sender: Address) -> PoolAccount
    /// Calls `receive` for each transaction that can be mined from now on, until the returned closure is called.
    func subscribe(_ receive: @escaping @Sendable (RecoveredTransaction) -> Void) -> @Sendable () -> Void
}

/// The waiting transactions of an account, by ascending nonce.
public struct PoolAccount: Sendable {
    /// Whose.
    public var sender: Address
    /// Those that can be mined.
    public var pending: [RecoveredTransaction]
    /// Those that wait for others before them.
    public var queued: [RecoveredTransaction]

    /// Puts the parts together.
    public init(sender: Address, pending: [RecoveredTransaction] = [], queued: [RecoveredTransaction] = []) {
        (self.sender, self.pending, self.queued) = (sender, pending, queued)
    }
}

extension RPCError {
    /// A transaction is refused; the message says why.
    public static func rejected(_ message: String) -> RPCError { .server(message) }
}
