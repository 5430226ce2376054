import Dispatch
import LibP2P
import PoAIChain
import PoAITypes
import Synchronization

import struct PoAIPrimitives.Hash32

/// Takes announced blocks in: the cheap checks at once, the import one after another on a thread of its own. Only what was
/// imported is relayed.
final class BlockRelayService: Sendable {
    /// What the service tells of a peer.
    enum Report: Sendable {
        /// It did wrong.
        case offence(Offence)
        /// It sent a block first that was right.
        case delivered(BlockHeader)
        /// It may have blocks that lead to one it announced.
        case ahead
    }

    private struct State {
        var relay = BlockRelay()
        var waiting: [Hash32: CheckedContinuation<GossipVerdict, Never>] = [:]
        var isRunning = false
    }

    private let chain: Blockchain
    private let client: SyncClient
    private let report: @Sendable (PeerID, Report) -> Void
    private let failed: @Sendable (String) -> Void
    private let imports = DispatchQueue(label: "poai.relay.import")
    private let epoch = ContinuousClock.now
    private let state = Mutex(State())

    init(
        chain: Blockchain, client: SyncClient, report: @escaping @Sendable (PeerID, Report) -> Void,
        failed: @escaping @Sendable (String) -> Void
    ) {
        (self.chain, self.client, self.report, self.failed) = (chain, client, report, failed)
    }

    private var now: Duration { epoch.duration(to: .now) }

    /// Judges an announcement; returns when its block is imported or it is clear that it will not be.
    func validate(_ bytes: [UInt8], from peer: PeerID) async -> GossipVerdict {
        guard let announcement = try? BlockAnnouncement(bytes) else {
            report(peer, .offence(.malformed))
            return .reject
        }
        let standing: HeaderStanding
        do throws(ChainError) { standing = try chain.check(header: announcement.header) } catch {
            failed("a block could not be checked: \(error)")
            return .ignore
        }
        let decision = state.withLock { $0.relay.receive(announcement, from: peer, standing: standing, at: now) }
        guard case .queued = decision else { return conclude(decision, peer) }
        return await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting[announcement.header.hash] = continuation
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isFirst { Task { await work() } }
        }
    }

    /// Imports what waits until nothing does.
    private func work() async {
        while let waiting = next() {
            let outcome = await outcome(of: waiting)
            let decision = state.withLock { $0.relay.finish(waiting, outcome, at: now) }
            if decision == nil { report(waiting.peer, .delivered(waiting.announcement.header)) }
            let verdict = decision.map { conclude($0, waiting.peer) } ?? .accept
            state.withLock { $0.waiting.removeValue(forKey: waiting.hash) }?.resume(returning: verdict)
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

    private func conclude(_ decision: BlockRelay.Decision, _ peer: PeerID) -> GossipVerdict {
        switch decision {
        case .queued, .ignore: return .ignore
        case .reject(let offence):
            report(peer, .offence(offence))
            return .reject
        case .fetch:
            report(peer, .ahead)
            return .ignore
        }
    }
}
