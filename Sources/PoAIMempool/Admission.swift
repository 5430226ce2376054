import PoAIPrimitives
import PoAITypes

/// What came of a transaction that the pool took.
public struct Admission: Hashable, Sendable {
    /// Its name.
    public let hash: Hash32
    /// True: it can be executed on the current state; false: it waits for a nonce or for funds.
    public let isPending: Bool
    /// The transaction it took the place of.
    public let replaced: Hash32?
    /// Cheaper ones that had to go, in that order.
    public let evicted: [Hash32]
    /// All that became executable, itself among them, in the order of nonces.
    public let becamePending: [RecoveredTransaction]
}

/// Why a transaction left the pool.
public enum RemovalReason: Hashable, Sendable {
    /// It is in a block now.
    case mined
    /// Another one with its nonce is in a block.
    case nonceUsed
    /// Its sender became too poor for it alone.
    case unaffordable
    /// Blocks became smaller than its gas limit.
    case gasLimit
    /// It could not be executed for too long.
    case expired
    /// It made room for one that was returned.
    case evicted
    /// One that was returned took its place.
    case replaced
}

/// A transaction that left the pool.
public struct Removal: Hashable, Sendable {
    /// Its name.
    public let hash: Hash32
    /// Why.
    public let reason: RemovalReason

    /// Puts the two together.
    public init(hash: Hash32, reason: RemovalReason) {
        self.hash = hash
        self.reason = reason
    }
}

/// A transaction that the pool did not take, though it was offered again.
public struct Refusal: Hashable, Sendable {
    /// Its name.
    public let hash: Hash32
    /// Why.
    public let fault: MempoolFault
}

/// What a new head or the passing of time did to the pool.
public struct PoolChange: Hashable, Sendable {
    /// What left, first come first.
    public internal(set) var removed: [Removal] = []
    /// What can be executed now and could not before, first come first.
    public internal(set) var becamePending: [RecoveredTransaction] = []
    /// What an abandoned branch gave back but the rules do not let in again.
    public internal(set) var refused: [Refusal] = []
}
