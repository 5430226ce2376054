import PoAIPrimitives
import PoAITypes

extension Mempool {
    /// How many transactions can be executed now and how many wait (`txpool_status`).
    public var status: (pending: Int, queued: Int) { read { ($0.pendingCount, $0.queuedCount) } }

    /// Encoded size of all.
    public var bytes: Int { read { $0.bytes } }

    /// What the next block is like, as far as the pool knows.
    public var head: MempoolHead { read { $0.head } }

    /// The transaction of this name.
    public func transaction(_ hash: Hash32) -> RecoveredTransaction? { read { $0.transaction(hash) } }

    /// Everything, ascending by sender (`txpool_content`, `txpool_inspect`).
    public var content: [AccountContent] { read { $0.content } }

    /// What one sender has here (`txpool_contentFrom`); nothing for one who has nothing.
    public func content(of sender: Address) -> AccountContent { read { $0.content(of: sender) } }

    /// The nonce of the next transaction to send: after the last executable one here, else the account's
    /// (`eth_getTransactionCount` of the block "pending").
    public func nextNonce(_ sender: Address) throws(MempoolStateError) -> UInt64 {
        if let nonce = pendingNonce(sender) { return nonce }
        return try account(sender).nonce
    }

    /// The nonce after the sender's last executable transaction here; nil if nothing of this sender is here.
    public func pendingNonce(_ sender: Address) -> UInt64? { read { $0.nextNonce(sender) } }

    /// Executable transactions for a block, by effective tip, of equal tips the oldest first; those of one sender in the
    /// order of their nonces. Those that do not cover the base fee are left out, and so are those after them. More than fit
    /// the block, as gas used is mostly below the gas limit; but not more than could fit.
    ///
    /// - Parameters:
    ///   - baseFee: of the block, in wei per gas.
    ///   - gasLimit: of the block.
    public func best(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] {
        read { $0.best(baseFee: baseFee, gasLimit: gasLimit) }
    }
}
