import LibP2P
import PoAIChain

import struct PoAIPrimitives.Hash32

/// Blocks that came before their parent.
extension BlockRelayService {
    func waitForParent(of announcement: BlockAnnouncement) {
        let patience = state.withLock { $0.relay.patience }
        let times = [patience.arrival, patience.verification - patience.arrival]
        Task { [weak self] in
            // It may have been stored between look-up and lock.
            self?.resumeChildren(of: announcement.header.parentHash, ifStored: true)
            for time in times {
                try? await Task.sleep(for: time)
                self?.expire()
            }
        }
    }

    /// Judges again what waited for a block that is finished, well or not.
    func resumeChildren(of parent: Hash32, ifStored: Bool = false) {
        for waiting in state.withLock({ $0.relay.children(of: parent) }) {
            let standing = standing(of: waiting.announcement) ?? .rejected(.missingParent(parent))
            if ifStored, case .rejected(.missingParent) = standing { continue }
            let (decision, continuation) = state.withLock { state in
                let decision = state.relay.resume(waiting, standing: standing, at: now)
                state.ignoreDisplaced()
                let isOver = decision != nil && decision != .queued
                return (decision, isOver ? state.waiting.removeValue(forKey: waiting.hash) : nil)
            }
            guard let decision else { continue }
            guard decision != .queued else {
                workIfIdle()
                continue
            }
            continuation?.resume(returning: conclude(decision, waiting.peer))
            resumeChildren(of: waiting.hash)
        }
    }

    /// Asks for the chain of those whose parent did not come in time.
    private func expire() {
        let late = state.withLock { state in
            state.relay.expire(at: now).map { ($0, state.waiting.removeValue(forKey: $0.hash)) }
        }
        for (waiting, continuation) in late {
            let missing = waiting.announcement.header.parentHash
            continuation?.resume(returning: conclude(.fetch(missing: missing), waiting.peer))
        }
    }

    /// Lets nothing wait for its parent any more, so that validations end.
    package func stop() {
        let waiting = state.withLock { state in
            state.relay.releaseAll().compactMap { state.waiting.removeValue(forKey: $0.hash) }
        }
        for continuation in waiting { continuation.resume(returning: .ignore) }
    }
}
