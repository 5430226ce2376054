import PoAIChain
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// Decides what happens to blocks that peers announce, the cheap checks first. Pure: look-ups come in as `HeaderStanding`,
/// times are those of one clock.
public struct BlockRelay: Sendable {
    /// Blocks that may wait for their import.
    public static let queueLimit = 64

    /// What to do with an announcement.
    public enum Decision: Hashable, Sendable {
        /// It waits for its import; call `next`.
        case queued
        /// Neither relay it nor hold it against anybody.
        case ignore
        /// The sender is at fault.
        case reject(Offence)
        /// It waits for its parent, which may be under way; `resume` or `expire` ends that.
        case held
        /// As `ignore`, but the sender may have the chain that leads there.
        case fetch(missing: Hash32)
    }

    /// A block that waits.
    public struct Waiting: Hashable, Sendable {
        /// The announcement.
        public var announcement: BlockAnnouncement
        /// Its block's hash.
        public var hash: Hash32
        /// Who sent it.
        public var peer: PeerID
    }

    /// How long blocks wait for their parents.
    public let patience: Patience
    var budget = PassBudget()
    var queues: [PeerID: [Waiting]] = [:]
    /// Peers with something in their queue, the next one to serve first.
    var turns: [PeerID] = []
    /// Blocks that had to make room, not told of yet.
    var displaced: [Waiting] = []
    /// Blocks that wait for their parent, oldest first.
    var held: [Held] = []
    /// Blocks that wait, for whatever, or are being imported.
    var inFlight: Set<Hash32> = []

    /// Nothing waits.
    public init(patience: Patience = Patience()) { self.patience = patience }

    /// How many wait for their import.
    public var count: Int { queues.values.reduce(0) { $0 + $1.count } }

    /// Judges an announcement whose header was looked up.
    public mutating func receive(
        _ announcement: BlockAnnouncement, from peer: PeerID, standing: HeaderStanding, at now: Duration
    ) -> Decision {
        switch standing {
        case .known: return .ignore
        case .knownInvalid: return .reject(.invalidBlock)
        case .rejected(.invalid): return .reject(.invalidBlock)
        case .rejected(.mutated): return .reject(.mutatedBody)
        case .rejected(.fromTheFuture): return .ignore
        case .rejected(.missingParent), .plausible: break
        }
        let waiting = Waiting(announcement: announcement, hash: announcement.header.hash, peer: peer)
        // The same block from somebody else is being looked at.
        guard !inFlight.contains(waiting.hash) else { return .ignore }
        if case .rejected(.missingParent(let parent)) = standing {
            return hold(waiting, at: now) ? .held : .fetch(missing: parent)
        }
        guard mayQueue(peer), budget.take(peer, at: now) else { return .ignore }
        makeRoom()
        if queues[peer] == nil { turns.append(peer) }
        queues[peer, default: []].append(waiting)
        inFlight.insert(waiting.hash)
        return .queued
    }

    /// The block to import now; peers take turns.
    public mutating func next() -> Waiting? {
        guard let peer = turns.first, var queue = queues[peer], !queue.isEmpty else { return nil }
        turns.removeFirst()
        let waiting = queue.removeFirst()
        queues[peer] = queue.isEmpty ? nil : queue
        if !queue.isEmpty { turns.append(peer) }
        return waiting
    }

    /// What the import of a block that `next` gave says of its sender; nil when it is to be relayed.
    public mutating func finish(_ waiting: Waiting, _ outcome: ImportOutcome?, at now: Duration) -> Decision? {
        inFlight.remove(waiting.hash)
        switch outcome {
        case .newHead, .sideBranch:
            budget.earn(waiting.peer, at: now)
            return nil
        case nil, .alreadyKnown, .reorgTooDeep: return .ignore
        case .orphan(let missing): return .fetch(missing: missing)
        case .rejected(.mutated): return .reject(.mutatedBody)
        case .rejected(let fault): return fault.isPermanent ? .reject(.invalidBlock) : .ignore
        }
    }
}
