import Dispatch
import LibP2P
import PoAIChain
import PoAITypes
import Synchronization

import struct PoAIPrimitives.Hash32

/// Takes announced blocks in: the cheap checks at once, the import one after another on a thread of its own. Only what was
/// imported is relayed.
package final class BlockRelayService: Sendable {
    /// What the service tells of a peer.
    package enum Report: Sendable {
        /// It did wrong.
        case offence(Offence)
        /// It sent a block first that was right.
        case delivered(BlockHeader)
        /// It may have blocks that lead to one it announced.
        case ahead
    }

    struct State {
        var relay: BlockRelay
        var waiting: [Hash32: CheckedContinuation<GossipVerdict, Never>] = [:]
        var isRunning = false

        init(relay: BlockRelay) { self.relay = relay }

        /// Ends the validations of blocks that made room for others.
        mutating func ignoreDisplaced() {
            for displaced in relay.takeDisplaced() {
                waiting.removeValue(forKey: displaced.hash)?.resume(returning: .ignore)
            }
        }
    }

    let chain: Blockchain
    private let client: SyncClient
    let report: @Sendable (PeerID, Report) -> Void
    private let failed: @Sendable (String) -> Void
    private let imports = DispatchQueue(label: "poai.relay.import")
    private let epoch = ContinuousClock.now
    let state: Mutex<State>

    package init(
        chain: Blockchain, client: SyncClient, patience: BlockRelay.Patience = .init(),
        report: @escaping @Sendable (PeerID, Report) -> Void, failed: @escaping @Sendable (String) -> Void
    ) {
        state = Mutex(State(relay: BlockRelay(patience: patience)))
        (self.chain, self.client, self.report, self.failed) = (chain, client, report, failed)
    }

    var now: Duration { epoch.duration(to: .now) }

    /// Judges an announcement; returns when its block is imported or it is clear that it will not be.
    package func validate(_ bytes: [UInt8], from peer: PeerID) async -> GossipVerdict {
        guard let announcement = try? BlockAnnouncement(bytes) else {
            report(peer, .offence(.malformed))
            return .reject
        }
        guard let standing = standing(of: announcement) else { return .ignore }
        return await withCheckedContinuation { continuation in
            let decision = state.withLock { state in
                let decision = state.relay.receive(announcement, from: peer, standing: standing, at: now)
                if decision == .queued || decision == .held {
                    state.waiting[announcement.header.hash] = continuation
                }
                state.ignoreDisplaced()
                return decision
            }
            switch decision {
            case .queued: workIfIdle()
            case .held: waitForParent(of: announcement)
            default: continuation.resume(returning: conclude(decision, peer))
            }
        }
    }

    func standing(of announcement: BlockAnnouncement) -> HeaderStanding? {
        do throws(ChainError) { return try chain.check(header: announcement.header) } catch {
            failed("a block could not be checked: \(error)")
            return nil
        }
    }

    func workIfIdle() {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst { Task { await work() } }
    }

    /// Imports what waits until nothing does.
    private func work() async {
        while let waiting = next() {
            let outcome = await outcome(of: waiting)
            let (decision, continuation) = state.withLock { state in
                let decision = state.relay.finish(waiting, outcome, at: now)
                return (decision, state.waiting.removeValue(forKey: waiting.hash))
            }
            if decision == nil { report(waiting.peer, .delivered(waiting.announcement.header)) }
            let verdict = decision.map { conclude($0, waiting.peer) } ?? .accept
            continuation?.resume(returning: verdict)
            resumeChildren(of: waiting.hash)
        }
    }

    private func next() -> BlockRelay.Waiting? {
        state.withLock { state in
            let next = state.relay.next()
            if next == nil { state.isRunning = false }
            return next
        }
    }

    /// What the import made of a block; nil when it could not be fetched or imported.
    private func outcome(of waiting: BlockRelay.Waiting) async -> ImportOutcome? {
        let block: Block?
        switch waiting.announcement {
        case .block(let whole): block = whole
        case .header: block = try? await client.block(waiting.hash, from: waiting.peer)
        }
        guard let block else { return nil }
        return await withCheckedContinuation { continuation in
            imports.async { [chain, failed] in
                do throws(ChainError) { continuation.resume(returning: try chain.import(block)) } catch {
                    failed("a block could not be imported: \(error)")
                    continuation.resume(returning: nil)
                }
            }
        }
    }

    func conclude(_ decision: BlockRelay.Decision, _ peer: PeerID) -> GossipVerdict {
        switch decision {
        case .queued, .held, .ignore: return .ignore
        case .reject(let offence):
            report(peer, .offence(offence))
            return .reject
        case .fetch:
            report(peer, .ahead)
            return .ignore
        }
    }
}
