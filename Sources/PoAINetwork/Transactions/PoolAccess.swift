import PoAIPrimitives

/// What the relay of transactions needs of a pool of waiting ones. Safe to use from any thread.
public protocol PoolAccess: Sendable {
    /// Hashes of transactions that can be executed, at most `limit`.
    func pendingHashes(limit: Int) -> [Hash32]
    /// Whether the transaction is in the pool.
    func contains(_ hash: Hash32) -> Bool
    /// The transaction's envelope (EIP-2718); nil when it is not in the pool.
    func encoded(_ hash: Hash32) -> [UInt8]?
    /// Takes a transaction in its envelope in, if the rules allow.
    func add(encoded: [UInt8]) -> PoolVerdict
    /// Calls `receive` with the hashes of what becomes executable, outside of the pool's locks, until the function that is
    /// returned is called.
    func subscribe(_ receive: @escaping @Sendable ([Hash32]) -> Void) -> @Sendable () -> Void
}

/// What a pool says of a transaction that was offered.
public enum PoolVerdict: Hashable, Sendable {
    /// It is in the pool now.
    case added
    /// It was in the pool before.
    case known
    /// It is invalid on whatever state, so whoever sent it is at fault: malformed, false signature, other chain.
    case invalid(String)
    /// This node does not want it, which is nobody's fault: low fee, used nonce.
    case refused(String)
    /// This node has no place for it now and may have one soon: the pool is full, or those of its sender that come before it
    /// are not here.
    case notYet(String)
}
