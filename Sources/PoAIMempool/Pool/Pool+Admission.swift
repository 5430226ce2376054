import PoAIPrimitives
import PoAITypes

extension Pool {
    /// Takes a transaction in if the rules allow.
    ///
    /// - Parameters:
    ///   - account: asked for the sender's account if nothing of this sender is here.
    ///   - now: in seconds.
    /// - Throws: `MempoolFault`; the pool is unchanged then.
    package mutating func add(
        _ transaction: RecoveredTransaction, now: UInt64,
        account read: (Address) throws(MempoolStateError) -> MempoolAccount
    ) throws(MempoolFault) -> Admission {
        let verdict = try judge(transaction, read)
        return insert(verdict.entry, account: verdict.account, evicting: verdict.victims, now: now)
    }

    /// A function of its own, so that its copy of the queue is gone when the queue is changed.
    @inline(never)
    private mutating func judge(
        _ transaction: RecoveredTransaction, _ read: (Address) throws(MempoolStateError) -> MempoolAccount
    ) throws(MempoolFault) -> (entry: PoolEntry, account: MempoolAccount, victims: [PoolEntry]) {
        if byHash[transaction.hash] != nil { throw .alreadyKnown(transaction.hash) }
        let size = try checkForm(transaction.transaction)
        let queue = try queue(of: transaction.sender, read)
        let cost = try checkAccount(transaction.fields, queue)
        let old = queue.entry(nonce: transaction.fields.nonce)
        if let old { try checkReplacement(transaction.fields, of: old.fields) }
        let entry = PoolEntry(transaction, bytes: size, cost: cost, arrival: arrivals)
        return (entry, queue.account, try makeRoom(for: entry, replacing: old, in: queue))
    }

    private func queue(
        of sender: Address, _ read: (Address) throws(MempoolStateError) -> MempoolAccount
    ) throws(MempoolFault) -> AccountQueue {
        if let queue = accounts[sender] { return queue }
        do throws(MempoolStateError) {
            return AccountQueue(account: try read(sender))
        } catch {
            throw .state(error)
        }
    }

    /// The rules that need no account. Gives the encoded size.
    private func checkForm(_ transaction: Transaction) throws(MempoolFault) -> Int {
        let fields = transaction.fields
        // Data alone may be too much; then the rest is not worth encoding.
        let size = fields.data.count > limits.transactionBytes ? fields.data.count : transaction.encoded().count
        guard size <= limits.transactionBytes else { throw .oversized(got: size, limit: limits.transactionBytes) }
        guard fields.chainID != nil else { throw .notReplayProtected(chainID: chainID) }
        do throws(TransactionFault) { try fields.checkRules(chainID: chainID) } catch { throw .invalid(error) }
        guard fields.gasLimit <= head.gasLimit else { throw .gasLimit(got: fields.gasLimit, limit: head.gasLimit) }
        guard fields.maxPriorityFeePerGas >= limits.minimumTip else {
            throw .tipTooLow(got: fields.maxPriorityFeePerGas, minimum: limits.minimumTip)
        }
        return size
    }

    /// Nonce and funds. Gives the most that the transaction costs.
    private func checkAccount(
        _ fields: TransactionFields, _ queue: AccountQueue
    ) throws(MempoolFault) -> UInt256 {
        let (account, next) = (queue.account, queue.nextNonce)
        guard fields.nonce >= account.nonce else { throw .nonceTooLow(got: fields.nonce, next: account.nonce) }
        let (highest, overflow) = next.addingReportingOverflow(limits.nonceGap)
        guard overflow || fields.nonce <= highest else {
            throw .nonceTooHigh(got: fields.nonce, next: next, maximum: highest)
        }
        let before = queue.costBeside(fields.nonce)
        guard let cost = fields.maxCost, account.funds(before, and: cost) != nil else {
            throw .insufficientFunds(balance: account.balance, pending: before, cost: fields.maxCost)
        }
        return cost
    }

    /// Both fees must grow (as in geth), or a sender could make the network carry many versions for the price of one.
    private func checkReplacement(
        _ fields: TransactionFields, of old: TransactionFields
    ) throws(MempoolFault) {
        let neededMaxFee = bumped(old.maxFeePerGas)
        let neededTip = bumped(old.maxPriorityFeePerGas)
        guard fields.maxFeePerGas >= neededMaxFee, fields.maxPriorityFeePerGas >= neededTip else {
            throw .replacementUnderpriced(
                maxFee: fields.maxFeePerGas, neededMaxFee: neededMaxFee, tip: fields.maxPriorityFeePerGas,
                neededTip: neededTip)
        }
    }

    /// The least fee that replaces `fee`: so many percent more, rounded down, but at least one wei more.
    private func bumped(_ fee: UInt256) -> UInt256 {
        let percent = UInt256(100).addingReportingOverflow(UInt256(limits.priceBump)).partialValue
        let (product, overflow) = fee.multipliedReportingOverflow(by: percent)
        guard !overflow, fee < .max else { return .max }
        return max(product.quotientAndRemainder(dividingBy: UInt256(100)).quotient, fee &+ .one)
    }

    private mutating func insert(
        _ entry: PoolEntry, account: MempoolAccount, evicting victims: [PoolEntry], now: UInt64
    ) -> Admission {
        for victim in victims { removeTail(of: victim.transaction.sender) }
        arrivals &+= 1
        let baseFee = head.baseFee
        let (old, promoted) = withQueue(of: entry.transaction.sender, account: account) { queue in
            let before = queue.pendingCount
            let old = queue.put(entry, baseFee: baseFee)
            queue.lastActivity = now
            return (old, queue.promoted(by: entry.nonce, pendingBefore: before))
        }
        if let old { forget(old) }
        byHash[entry.hash] = entry
        bytes += entry.bytes
        return Admission(
            hash: entry.hash, isPending: promoted.first?.hash == entry.hash, replaced: old?.hash,
            evicted: victims.map(\.hash), becamePending: promoted.map(\.transaction))
    }

    /// Takes an entry that is in no queue any more out of the sums.
    mutating func forget(_ entry: PoolEntry) {
        byHash[entry.hash] = nil
        bytes -= entry.bytes
    }
}

extension AccountQueue {
    /// What the sender must be able to pay beside a transaction with this nonce: all other pending ones if it is to be one
    /// of them, nothing if it has to wait.
    func costBeside(_ nonce: UInt64) -> UInt256 {
        let old = entry(nonce: nonce)
        if nonce < nextNonce { return pendingCost &- (old?.cost ?? .zero) }
        return nonce == nextNonce && old == nil ? pendingCost : .zero
    }

    /// What became pending when an entry with this nonce was put in.
    fileprivate func promoted(by nonce: UInt64, pendingBefore: Int) -> [PoolEntry] {
        let index = position(of: nonce)
        guard index < pendingCount else { return [] }
        return [entries[index]] + entries[max(index + 1, min(pendingBefore, pendingCount))..<pendingCount]
    }
}
