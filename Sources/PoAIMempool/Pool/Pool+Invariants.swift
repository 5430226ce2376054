import PoAIPrimitives

extension Pool {
    /// What is wrong with the pool's books, for tests; nothing if all is well. Computes everything anew.
    package var violations: [String] {
        var found: [String] = []
        func expect(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { found.append(what()) } }
        let entries = accounts.values.flatMap(\.entries)
        expect(entries.count == count, "\(entries.count) in queues, \(count) by hash")
        expect(entries.reduce(0) { $0 + $1.bytes } == bytes, "bytes")
        expect(accounts.values.reduce(0) { $0 + $1.pendingCount } == pendingCount, "pending count")
        expect(count <= limits.count, "\(count) transactions, limit \(limits.count)")
        expect(bytes <= limits.bytes, "\(bytes) bytes, limit \(limits.bytes)")
        expect(tails.count <= 4 * accounts.count + 65, "\(tails.count) tails of \(accounts.count) queues")
        for entry in entries { expect(byHash[entry.hash] === entry, "\(entry.hash) is not found by its hash") }
        for (sender, queue) in accounts {
            expect(queue.entries.count <= limits.perAccount, "\(sender) has \(queue.entries.count)")
            expect(queue.entries.allSatisfy { $0.transaction.sender == sender }, "\(sender) holds another's")
            for fault in queue.violations(head) { found.append("\(sender): \(fault)") }
        }
        return found + tailViolations
    }

    /// Every queue has its tail in the heap, and they leave it in order.
    private var tailViolations: [String] {
        var heap = tails
        var seen: [Tail] = []
        while let tail = heap.pop() {
            if accounts[tail.sender]?.stamp == tail.stamp, seen.last?.stamp != tail.stamp { seen.append(tail) }
        }
        let expected = accounts.values.map { $0.evictionKey(at: $0.entries.count - 1) }.sorted()
        return seen.map(\.key) == expected ? [] : ["tails: \(seen.count) of \(expected.count), or out of order"]
    }
}

extension AccountQueue {
    fileprivate func violations(_ head: MempoolHead) -> [String] {
        var found: [String] = []
        func expect(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { found.append(what()) } }
        expect(!entries.isEmpty, "empty queue")
        expect(zip(entries, entries.dropFirst()).allSatisfy { $0.nonce < $1.nonce }, "nonces do not ascend")
        expect(entries.allSatisfy { $0.nonce >= account.nonce }, "used nonce")
        expect(entries.allSatisfy { $0.cost <= account.balance }, "unaffordable")
        expect(entries.allSatisfy { $0.fields.gasLimit <= head.gasLimit }, "gas limit")
        expect(pendingCost <= account.balance, "pending ones unaffordable")
        var (count, cost, nonce) = (0, UInt256.zero, account.nonce)
        for entry in entries where entry.nonce == nonce {
            guard let sum = account.funds(cost, and: entry.cost) else { break }
            (count, cost, nonce) = (count + 1, sum, nonce &+ 1)
        }
        expect(count == pendingCount, "\(pendingCount) pending, \(count) could be")
        expect(cost == pendingCost, "pending cost")
        var least: Worth?
        for (entry, worth) in zip(entries, worths) {
            let own = Worth(entry.fields, baseFee: head.baseFee)
            least = least.map { min($0, own) } ?? own
            expect(worth == least, "worth of nonce \(entry.nonce)")
        }
        expect(worths.count == entries.count, "number of worths")
        return found
    }
}
