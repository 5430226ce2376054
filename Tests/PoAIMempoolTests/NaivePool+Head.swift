import PoAIMempool
import PoAIPrimitives
import PoAITypes

extension NaivePool {
    mutating func headChanged(
        to head: MempoolHead, accounts: [Address: MempoolAccount], mined: [RecoveredTransaction],
        returned: [RecoveredTransaction], now: UInt64
    ) -> NaiveChange {
        let before = pendingHashes
        let pendingBefore = pendingNumbers
        self.head = head
        self.accounts = accounts
        var change = NaiveChange()
        var touched: Set<Address> = []
        for item in items.sorted(by: { $0.arrival < $1.arrival }) {
            guard let reason = reasonToDrop(item, mined) else { continue }
            change.removed.append(Removal(hash: item.transaction.hash, reason: reason))
            items.removeAll { $0.transaction.hash == item.transaction.hash }
            touched.insert(item.sender)
        }
        for (sender, count) in pendingNumbers where pendingBefore[sender] != count { touched.insert(sender) }
        for (sender, count) in pendingBefore where pendingNumbers[sender] != count { touched.insert(sender) }
        for sender in touched { activity[sender] = now }
        let minedHashes = mined.map(\.hash)
        for nonce in Set(returned.map(\.fields.nonce)).sorted() {
            for transaction in returned where transaction.fields.nonce == nonce {
                if !minedHashes.contains(transaction.hash) { takeBack(transaction, now, &change) }
            }
        }
        change.removed += removeExpired(now: now)
        let after = pendingHashes
        change.becamePending = items.sorted { $0.arrival < $1.arrival }.map(\.transaction.hash)
            .filter { after.contains($0) && !before.contains($0) }
        return change
    }

    private var pendingNumbers: [Address: Int] {
        Dictionary(uniqueKeysWithValues: Set(items.map(\.sender)).map { ($0, pending($0).count) })
    }

    private func reasonToDrop(_ item: Item, _ mined: [RecoveredTransaction]) -> RemovalReason? {
        if mined.contains(where: { $0.hash == item.transaction.hash }) { return .mined }
        if item.nonce < account(item.sender).nonce { return .nonceUsed }
        if item.cost > account(item.sender).balance { return .unaffordable }
        return item.transaction.fields.gasLimit > head.gasLimit ? .gasLimit : nil
    }

    private mutating func takeBack(_ transaction: RecoveredTransaction, _ now: UInt64, _ change: inout NaiveChange) {
        do throws(MempoolFault) {
            let admission = try add(transaction, now: now)
            change.removed += admission.evicted.map { Removal(hash: $0, reason: .evicted) }
            if let hash = admission.replaced { change.removed.append(Removal(hash: hash, reason: .replaced)) }
        } catch {
            change.refused[transaction.hash] = error
        }
    }

    mutating func removeExpired(now: UInt64) -> [Removal] {
        let pending = pendingHashes
        let expired = items.filter {
            !pending.contains($0.transaction.hash) && now > (activity[$0.sender] ?? 0) + limits.lifetime
        }
        let hashes = Set(expired.map(\.transaction.hash))
        items.removeAll { hashes.contains($0.transaction.hash) }
        return expired.sorted { $0.arrival < $1.arrival }
            .map { Removal(hash: $0.transaction.hash, reason: .expired) }
    }

    /// Always the best of what may come next.
    func best(baseFee: UInt256, gasLimit: UInt64) -> [Hash32] {
        var lists = Set(items.map(\.sender)).map { pending($0)[...] }
        var chosen: [Hash32] = []
        var leastGas: UInt64 = 0
        while true {
            let open = lists.indices.filter { index in
                guard let fields = lists[index].first?.transaction.fields else { return false }
                return fields.gasLimit <= gasLimit && fields.maxFeePerGas >= baseFee
            }
            let next = open.min { left, right in
                guard let (one, other) = lists[left].first.flatMap({ one in lists[right].first.map { (one, $0) } })
                else {
                    return false
                }
                let prices = [one, other].map { $0.transaction.fields.effectiveGasPrice(baseFee: baseFee) ?? .zero }
                return prices[0] == prices[1] ? one.arrival < other.arrival : prices[0] > prices[1]
            }
            guard let next, let item = lists[next].popFirst() else { break }
            leastGas += (item.transaction.fields.intrinsicGas ?? 0) / 5 * 4
            if leastGas > gasLimit { break }
            chosen.append(item.transaction.hash)
        }
        return chosen
    }
}

struct NaiveChange: Equatable {
    var removed: [Removal] = []
    var becamePending: [Hash32] = []
    var refused: [Hash32: MempoolFault] = [:]
}
