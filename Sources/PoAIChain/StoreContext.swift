import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Headers as the rules look them up: those of a batch being checked, then those stored.
struct StoreContext: HeaderContext {
    let snapshot: Snapshot
    /// Headers checked but not stored yet.
    var pending: [Hash32: BlockHeader] = [:]

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    func header(_ hash: Hash32) throws(StorageError) -> BlockHeader? {
        if let header = pending[hash] { return header }
        return try ChainTables.headers.get(hash, in: snapshot)
    }

    /// Walks to the canonical chain, then takes the index by height.
    func ancestor(of tip: BlockHeader, at number: UInt64) throws(StorageError) -> BlockHeader? {
        guard number < tip.number else { return number == tip.number ? tip : nil }
        var current = tip
        while current.number > number {
            let parent = current.parentHash
            if try ChainTables.canonical.get(current.number - 1, in: snapshot) == parent {
                guard let hash = try ChainTables.canonical.get(number, in: snapshot) else { return nil }
                return try header(hash)
            }
            guard let next = try header(parent), next.number == current.number - 1 else { return nil }
            current = next
        }
        return current
    }
}
