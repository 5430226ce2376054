import PoAIMempool
import PoAIPrimitives
import PoAITypes

/// The rules once more, with one list and no books: everything is computed from scratch every time.
struct NaivePool {
    struct Item {
        let transaction: RecoveredTransaction
        let arrival: Int
        var nonce: UInt64 { transaction.fields.nonce }
        var sender: Address { transaction.sender }
        var size: Int { transaction.transaction.encoded().count }
        var cost: UInt256 { transaction.fields.maxCost ?? .max }
    }

    /// What goes first is least.
    typealias Key = (pending: Int, covers: Int, amount: UInt256, age: Int)

    let limits: MempoolLimits
    var head: MempoolHead
    var accounts: [Address: MempoolAccount]
    var items: [Item] = []
    var activity: [Address: UInt64] = [:]
    var arrivals = 0

    func queue(_ sender: Address) -> [Item] {
        items.filter { $0.sender == sender }.sorted { $0.nonce < $1.nonce }
    }

    func account(_ sender: Address) -> MempoolAccount { accounts[sender] ?? MempoolAccount() }

    func pending(_ sender: Address) -> [Item] {
        var sum = UInt256.zero
        var chosen: [Item] = []
        for item in queue(sender) {
            let (next, overflow) = sum.addingReportingOverflow(item.cost)
            guard item.nonce == account(sender).nonce + UInt64(chosen.count), !overflow,
                next <= account(sender).balance
            else { break }
            sum = next
            chosen.append(item)
        }
        return chosen
    }

    var pendingHashes: Set<Hash32> {
        Set(Set(items.map(\.sender)).flatMap { pending($0) }.map(\.transaction.hash))
    }

    func key(_ item: Item) -> Key {
        let isPending = pending(item.sender).contains { $0.transaction.hash == item.transaction.hash }
        let worths = queue(item.sender).filter { $0.nonce <= item.nonce }.map { worth($0) }
        let least = worths.min { $0 < $1 } ?? (0, .zero)
        return (isPending ? 1 : 0, least.0, least.1, -item.arrival)
    }

    private func worth(_ item: Item) -> (Int, UInt256) {
        let fields = item.transaction.fields
        guard let price = fields.effectiveGasPrice(baseFee: head.baseFee) else { return (0, fields.maxFeePerGas) }
        return (1, price &- head.baseFee)
    }

    mutating func add(_ transaction: RecoveredTransaction, now: UInt64) throws(MempoolFault) -> NaiveAdmission {
        let fields = transaction.fields
        let new = Item(transaction: transaction, arrival: arrivals)
        if items.contains(where: { $0.transaction.hash == transaction.hash }) { throw .alreadyKnown(transaction.hash) }
        if new.size > limits.transactionBytes { throw .oversized(got: new.size, limit: limits.transactionBytes) }
        do throws(TransactionFault) { try fields.checkRules(chainID: testChain) } catch { throw .invalid(error) }
        if fields.gasLimit > head.gasLimit { throw .gasLimit(got: fields.gasLimit, limit: head.gasLimit) }
        if fields.maxPriorityFeePerGas < limits.minimumTip {
            throw .tipTooLow(got: fields.maxPriorityFeePerGas, minimum: limits.minimumTip)
        }
        let account = account(new.sender)
        let next = account.nonce + UInt64(pending(new.sender).count)
        if new.nonce < account.nonce { throw .nonceTooLow(got: new.nonce, next: account.nonce) }
        if new.nonce > next + limits.nonceGap {
            throw .nonceTooHigh(got: new.nonce, next: next, maximum: next + limits.nonceGap)
        }
        let old = queue(new.sender).first { $0.nonce == new.nonce }
        var others = UInt256.zero
        if new.nonce < next || (new.nonce == next && old == nil) {
            for item in pending(new.sender) where item.nonce != new.nonce { others &+= item.cost }
        }
        let (sum, overflow) = others.addingReportingOverflow(new.cost)
        if overflow || sum > account.balance {
            throw .insufficientFunds(balance: account.balance, pending: others, cost: fields.maxCost)
        }
        if let old { try checkReplacement(fields, old.transaction.fields) }
        let before = pendingHashes
        let evicted = try makeRoom(for: new, old)
        items.removeAll { $0.transaction.hash == old?.transaction.hash }
        items.append(new)
        arrivals += 1
        activity[new.sender] = now
        return NaiveAdmission(
            replaced: old?.transaction.hash, evicted: evicted,
            becamePending: pending(new.sender).map(\.transaction.hash).filter { !before.contains($0) })
    }

    private func checkReplacement(_ new: TransactionFields, _ old: TransactionFields) throws(MempoolFault) {
        func needed(_ fee: UInt256) -> UInt256 {
            max(fee &+ 1, (fee &* UInt256(100 + limits.priceBump)).quotientAndRemainder(dividingBy: 100).quotient)
        }
        let (maxFee, tip) = (needed(old.maxFeePerGas), needed(old.maxPriorityFeePerGas))
        if new.maxFeePerGas >= maxFee, new.maxPriorityFeePerGas >= tip { return }
        throw .replacementUnderpriced(
            maxFee: new.maxFeePerGas, neededMaxFee: maxFee, tip: new.maxPriorityFeePerGas, neededTip: tip)
    }

    /// Keys are those before the new one came, but for the new one's own.
    private mutating func makeRoom(for new: Item, _ old: Item?) throws(MempoolFault) -> [Hash32] {
        var with = self
        with.items.removeAll { $0.transaction.hash == old?.transaction.hash }
        with.items.append(new)
        let newKey = with.key(new)
        var rest = items
        var evicted: [Hash32] = []
        func isTooMuch() -> Bool {
            rest.count + (old == nil ? 1 : 0) > limits.count
                || rest.reduce(new.size - (old?.size ?? 0)) { $0 + $1.size } > limits.bytes
        }
        if old == nil, queue(new.sender).count >= limits.perAccount {
            guard let last = queue(new.sender).last, last.nonce > new.nonce else {
                throw .accountLimit(limit: limits.perAccount)
            }
            rest.removeAll { $0.transaction.hash == last.transaction.hash }
            evicted.append(last.transaction.hash)
        }
        while isTooMuch() {
            let tails = Set(rest.map(\.sender)).compactMap { sender in
                rest.filter { $0.sender == sender }.max { $0.nonce < $1.nonce }
            }
            let free = tails.filter { $0.sender != new.sender || $0.nonce > new.nonce }.map { ($0, key($0)) }
            guard let (victim, key) = free.min(by: { $0.1 < $1.1 }), key < newKey else {
                if newKey.pending == 0 { throw .full(count: items.count, bytes: items.reduce(0) { $0 + $1.size }) }
                let price = new.transaction.fields.effectiveGasPrice(baseFee: head.baseFee)
                throw .underpriced(tip: price.map { $0 &- head.baseFee }, baseFee: head.baseFee)
            }
            rest.removeAll { $0.transaction.hash == victim.transaction.hash }
            evicted.append(victim.transaction.hash)
        }
        items = rest
        return evicted
    }
}

struct NaiveAdmission: Equatable {
    var replaced: Hash32?
    var evicted: [Hash32]
    /// The new one first.
    var becamePending: [Hash32]
}
