import PoAIMempool
import PoAINetwork
import PoAIPrimitives
import PoAITypes

extension NodePool: PoolAccess {
    /// Hashes of executable transactions, by sender in a random order, those of one sender in the order of their nonces.
    public func pendingHashes(limit: Int) -> [Hash32] {
        var hashes: [Hash32] = []
        for account in mempool.content.shuffled() {
            for transaction in account.pending.prefix(max(0, limit - hashes.count)) { hashes.append(transaction.hash) }
        }
        return hashes
    }

    /// Whether the transaction waits here.
    public func contains(_ hash: Hash32) -> Bool { mempool.transaction(hash) != nil }

    /// The envelope of a transaction that waits here.
    public func encoded(_ hash: Hash32) -> [UInt8]? { mempool.transaction(hash)?.transaction.encoded() }

    /// Takes a transaction in that a peer sent.
    public func add(encoded: [UInt8]) -> PoolVerdict {
        let result: Result<Admission, MempoolFault> = add(encoded: encoded)
        switch result {
        case .success: return .added
        case .failure(let fault): return PoolVerdict(fault)
        }
    }

    /// Tells of what becomes executable, in batches.
    public func subscribe(_ receive: @escaping @Sendable ([Hash32]) -> Void) -> @Sendable () -> Void {
        let subscription = mempool.subscribe { receive($0.map(\.hash)) }
        return { subscription.cancel() }
    }
}

extension PoolVerdict {
    /// Whose fault it is that the pool does not take a transaction.
    public init(_ fault: MempoolFault) {
        switch fault {
        case .alreadyKnown: self = .known
        case .undecodable, .invalid: self = .invalid(fault.description)
        case .oversized, .notReplayProtected, .gasLimit, .tipTooLow, .nonceTooLow, .replacementUnderpriced:
            self = .refused(fault.description)
        // What other transactions and the next blocks change.
        case .nonceTooHigh, .insufficientFunds, .accountLimit, .underpriced, .full, .state:
            self = .notYet(fault.description)
        }
    }
}
