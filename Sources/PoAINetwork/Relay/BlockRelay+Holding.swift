import PoAIChain
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// Blocks that came before their parent. A parent takes a forward pass to verify and its child may come by a quicker way, so
/// a child waits a little before its sender is asked for what is missing.
extension BlockRelay {
    /// Blocks that may wait for their parent.
    public static let heldLimit = 16
    /// Of these, those of one peer.
    public static let heldPerPeer = 4

    /// How long a block waits for its parent.
    public struct Patience: Hashable, Sendable {
        /// For one that did not come yet.
        public var arrival = Duration.milliseconds(300)
        /// For one that is being verified.
        public var verification = Duration.seconds(5)

        /// The times of docs/spec/network.md.
        public init() {}
    }

    struct Held: Sendable {
        let waiting: Waiting
        let since: Duration

        var parent: Hash32 { waiting.announcement.header.parentHash }
    }

    /// How many wait for their parent.
    public var heldCount: Int { held.count }

    /// Whether there is room for a block to wait for its parent.
    mutating func hold(_ waiting: Waiting, at now: Duration) -> Bool {
        guard held.count < Self.heldLimit,
            held.count(where: { $0.waiting.peer == waiting.peer }) < Self.heldPerPeer
        else { return false }
        held.append(Held(waiting: waiting, since: now))
        inFlight.insert(waiting.hash)
        return true
    }

    /// The blocks that wait for this parent. When it is finished, `resume` each.
    public func children(of parent: Hash32) -> [Waiting] { held.filter { $0.parent == parent }.map(\.waiting) }

    /// Judges a block again that waited for its parent; nil when it waits no more.
    public mutating func resume(_ waiting: Waiting, standing: HeaderStanding, at now: Duration) -> Decision? {
        guard let index = held.firstIndex(where: { $0.waiting.hash == waiting.hash }) else { return nil }
        held.remove(at: index)
        inFlight.remove(waiting.hash)
        // It waits once only: its parent was refused.
        if case .rejected(.missingParent(let parent)) = standing { return .fetch(missing: parent) }
        return receive(waiting.announcement, from: waiting.peer, standing: standing, at: now)
    }

    /// Gives up those that waited for too long; each is as a block whose parent is missing.
    public mutating func expire(at now: Duration) -> [Waiting] {
        let late = held.filter { held in
            let time = inFlight.contains(held.parent) ? patience.verification : patience.arrival
            return now >= held.since + time
        }
        return release(late)
    }

    /// Gives up all that wait for their parent.
    public mutating func releaseAll() -> [Waiting] { release(held) }

    private mutating func release(_ released: [Held]) -> [Waiting] {
        let hashes = Set(released.map(\.waiting.hash))
        held.removeAll { hashes.contains($0.waiting.hash) }
        inFlight.subtract(hashes)
        return released.map(\.waiting)
    }
}
