import PoAIMempool
import PoAIPrimitives
import PoAIRPC
import PoAITypes

extension NodePool: TransactionPool {
    /// Takes a transaction in its envelope.
    public func submit(encoded: [UInt8]) throws(RPCError) -> Hash32 {
        let result: Result<Admission, MempoolFault> = add(encoded: encoded)
        switch result {
        case .success(let admission): return admission.hash
        case .failure(let fault): throw .rejected("\(fault)")
        }
    }

    /// The waiting transaction with a hash.
    public func transaction(_ hash: Hash32) -> RecoveredTransaction? { mempool.transaction(hash) }

    /// The nonce after an account's last executable transaction.
    public func pendingNonce(_ address: Address) -> UInt64? { mempool.pendingNonce(address) }

    /// How many can be mined now, and how many wait.
    public func counts() -> (pending: Int, queued: Int) { mempool.status }

    /// All, by sender.
    public func content() -> [PoolAccount] { mempool.content.map(PoolAccount.init) }

    /// Those of one sender.
    public func content(of sender: Address) -> PoolAccount { PoolAccount(mempool.content(of: sender)) }

    /// Tells of each transaction that becomes executable.
    public func subscribe(_ receive: @escaping @Sendable (RecoveredTransaction) -> Void) -> @Sendable () -> Void {
        let subscription = mempool.subscribe { $0.forEach(receive) }
        return { subscription.cancel() }
    }
}

extension PoolAccount {
    init(_ content: AccountContent) {
        self.init(sender: content.sender, pending: content.pending, queued: content.queued)
    }
}
