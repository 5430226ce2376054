import PoAIPrimitives
import PoAITypes

/// The transactions of one sender, in the order of their nonces.
public struct AccountContent: Hashable, Sendable {
    /// The sender.
    public let sender: Address
    /// Those that can be executed now, one after another.
    public let pending: [RecoveredTransaction]
    /// Those that wait for a nonce or for funds.
    public let queued: [RecoveredTransaction]
}

extension Pool {
    /// Everything, ascending by sender.
    package var content: [AccountContent] {
        accounts.keys.sorted().map { content(of: $0) }
    }

    /// What one sender has here; nothing for one who has nothing.
    package func content(of sender: Address) -> AccountContent {
        let queue = accounts[sender]
        let all = queue?.entries.map(\.transaction) ?? []
        let pending = queue?.pendingCount ?? 0
        return AccountContent(sender: sender, pending: Array(all[..<pending]), queued: Array(all[pending...]))
    }

    /// Everything in an order in which an empty pool takes it: first come first, but those of one sender by their nonces.
    package var entriesInOrder: [PoolEntry] {
        var next: [Address: Int] = [:]
        return byHash.values.sorted { $0.arrival < $1.arrival }.compactMap { entry in
            let sender = entry.transaction.sender
            let index = next[sender] ?? 0
            next[sender] = index + 1
            guard let entries = accounts[sender]?.entries, index < entries.count else { return nil }
            return entries[index]
        }
    }
}
