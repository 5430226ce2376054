import PoAIMempool
import PoAIPrimitives
import PoAITypes

/// Transfers that nobody signed, of `senders` senders in turn.
func transfers(_ count: Int, senders: Int) -> [RecoveredTransaction] {
    (0..<count).map { index in
        let fields = TransactionFields.dynamicFee(
            chainID: 1, nonce: UInt64(index / senders), maxPriorityFeePerGas: UInt256(UInt64(index * 7919 % count)),
            maxFeePerGas: 1_000_000_000, gasLimit: 21_000, to: .zero)
        let word = UInt256(UInt64(index % senders + 1))
        let signature = RecoverableSignature(r: word, s: 1, recoveryID: 0)
        return RecoveredTransaction(
            unverified: Transaction(fields: fields, signature: signature),
            sender: Address(lastBytesOf: word.bigEndianHash))
    }
}

/// A pool that was given all of them.
func filledPool(_ transactions: [RecoveredTransaction], limit: Int, perAccount: Int) -> Pool {
    let limits = MempoolLimits(
        count: limit, bytes: .max, perAccount: perAccount, nonceGap: UInt64(transactions.count))
    var pool = Pool(
        chainID: 1, limits: limits, head: MempoolHead(gasLimit: 30_000_000, baseFee: UInt256(1_000_000)))
    for transaction in transactions {
        _ = try? pool.add(transaction, now: 0) { (_) throws(MempoolStateError) in MempoolAccount(balance: 1 << 100) }
    }
    return pool
}

/// Microseconds for one transaction, signature aside: into a pool with room, into a full one; and how often as long one
/// takes among ten times as many, where 1 is no growth.
func mempoolFigures() -> [String: Double] {
    func perAdd(_ count: Int, senders: Int, limit: Int? = nil) -> Double {
        let transactions = transfers(count, senders: senders)
        return best(of: 5) {
            precondition(filledPool(transactions, limit: limit ?? count, perAccount: count).count == limit ?? count)
        } * 1e6 / Double(count)
    }
    let pool = filledPool(transfers(10_000, senders: 1000), limit: 10_000, perAccount: 10)
    let choice = best(of: 5) { precondition(pool.best(baseFee: 0, gasLimit: 30_000_000).count > 1000) }
    let alone = perAdd(10_000, senders: 10_000)
    return [
        "mempoolAddMicroseconds": alone,
        "mempoolFullAddMicroseconds": perAdd(10_000, senders: 10_000, limit: 1000),
        "mempoolGrowthOfSenders": perAdd(100_000, senders: 100_000) / alone,
        "mempoolGrowthOfOneSender": perAdd(10_000, senders: 1) / perAdd(1000, senders: 1),
        "mempoolBlockMicroseconds": choice * 1e6,
    ]
}
