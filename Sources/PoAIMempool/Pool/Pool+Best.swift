import PoAIPrimitives
import PoAITypes

extension Pool {
    /// Executable transactions for a block, by effective tip, of equal tips the oldest first; those of one sender in the
    /// order of their nonces. A sender's transaction that does not cover the base fee, or needs more gas than the block has,
    /// holds up those after it. Ends when the rest cannot find place in a block that has these.
    ///
    /// - Parameters:
    ///   - baseFee: of the block, in wei per gas.
    ///   - gasLimit: of the block.
    package func best(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] {
        var heap = Heap(accounts.compactMap { candidate($0.value, 0, sender: $0.key, baseFee, gasLimit) })
        var chosen: [RecoveredTransaction] = []
        var leastGas: UInt64 = 0
        while let next = heap.pop(), let queue = accounts[next.sender] {
            let entry = queue.entries[next.index]
            // Refunds give back a fifth at most (EIP-3529).
            let gas = entry.intrinsicGas / 5 * 4
            guard gas <= gasLimit - leastGas else { break }
            leastGas += gas
            chosen.append(entry.transaction)
            if let after = candidate(queue, next.index + 1, sender: next.sender, baseFee, gasLimit) { heap.push(after) }
        }
        return chosen
    }

    private func candidate(
        _ queue: AccountQueue, _ index: Int, sender: Address, _ baseFee: UInt256, _ gasLimit: UInt64
    ) -> Candidate? {
        guard index < queue.pendingCount else { return nil }
        let entry = queue.entries[index]
        guard entry.fields.gasLimit <= gasLimit, let price = entry.fields.effectiveGasPrice(baseFee: baseFee) else {
            return nil
        }
        return Candidate(tip: price &- baseFee, arrival: entry.arrival, sender: sender, index: index)
    }
}
