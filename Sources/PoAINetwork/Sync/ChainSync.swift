import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// Decides what to ask whom for so that this node gets the chain with the most work: headers first, bodies of a branch
/// that is proven to be heavier from all peers, import in order. No clock and no I/O but look-ups of the stored chain.
///
/// After each input carry out the actions that `step` returns.
public struct ChainSync {
    struct Peer {
        let id: PeerID
        var claim: SyncClaim
        /// It gave all it has to give towards this claim.
        var isExhausted = false
        /// It lacks bodies of the present branch.
        var lacksBodies = false
    }

    struct HeaderRequest {
        let id: UInt64
        let peer: PeerID
        let deadline: Duration
    }

    struct BodyRequest {
        let id: UInt64
        let peer: PeerID
        let hashes: [Hash32]
        let deadline: Duration
    }

    let reader: ChainReader
    let rules: HeaderRules
    let limits: SyncLimits
    var peers: [Peer] = []
    var branch: PendingHeaders?
    /// Whose headers the branch is made of.
    var provider: PeerID?
    var headersComplete = false
    var headerRequest: HeaderRequest?
    var bodyRequests: [BodyRequest] = []
    var bodies: [Hash32: [Transaction]] = [:]
    /// Blocks at the bottom of the branch that are being imported.
    var importing = 0
    /// The branch under import was given up; its result is ignored.
    var ignoresImport = false
    var actions: [SyncAction] = []
    var nextID: UInt64 = 0
    var isIdle = true

    /// A synchronisation of the chain that `reader` reads.
    public init(_ reader: ChainReader, limits: SyncLimits = SyncLimits()) {
        self.reader = reader
        self.limits = limits
        rules = HeaderRules(spec: reader.spec)
    }

    /// A peer is there, or has a new head.
    public mutating func peer(_ id: PeerID, claims claim: SyncClaim) {
        if let index = peers.firstIndex(where: { $0.id == id }) {
            guard peers[index].claim != claim else { return }
            peers[index].claim = claim
            peers[index].isExhausted = false
            peers[index].lacksBodies = false
        } else {
            peers.append(Peer(id: id, claim: claim))
        }
    }

    /// A peer is gone.
    public mutating func left(_ id: PeerID) {
        peers.removeAll { $0.id == id }
        bodyRequests.removeAll { $0.peer == id }
        if headerRequest?.peer == id { headerRequest = nil }
        if provider == id, !headersComplete { headersComplete = true }
    }

    /// A request was not answered.
    public mutating func failed(_ id: UInt64) {
        if let request = headerRequest, request.id == id {
            headerRequest = nil
            headersComplete = true
            update(request.peer) { $0.isExhausted = true }
        }
        if let index = bodyRequests.firstIndex(where: { $0.id == id }) {
            let request = bodyRequests.remove(at: index)
            update(request.peer) { $0.lacksBodies = true }
        }
    }

    /// The blocks of the last `importBlocks` were dealt with.
    public mutating func imported(_ result: SyncImportResult) {
        let count = importing
        importing = 0
        if ignoresImport {
            ignoresImport = false
            return
        }
        switch result {
        case .stored:
            for hash in branch?.hashes.prefix(count) ?? [] { bodies[hash] = nil }
            branch?.removeFirst(count)
        case .invalid(_, let isSeal):
            if let provider { punish(provider, isSeal ? .invalidSeal : .invalidBlock) }
            dropBranch()
        case .failed:
            if let provider { update(provider) { $0.isExhausted = true } }
            dropBranch()
        }
    }

    /// What is to be done now.
    /// - Parameters:
    ///   - now: time since any fixed moment.
    /// - Throws: when the stored chain cannot be read.
    public mutating func step(now: Duration) throws(ChainError) -> [SyncAction] {
        expire(now)
        let head = try reader.head()
        endBranch(head)
        if branch == nil, importing == 0, headerRequest == nil { choose(head) }
        try requestHeaders(head, now)
        if let branch, branch.totalWork > head.totalWork {
            requestBodies(branch, now)
            importReady(branch)
        }
        defer { actions = [] }
        return actions
    }

    /// True when the parts agree, no body is asked for twice, and the limits hold.
    package var isConsistent: Bool {
        let asked = bodyRequests.flatMap(\.hashes)
        return Set(asked).count == asked.count && asked.allSatisfy { bodies[$0] == nil }
            && (branch?.headers.count ?? 0) <= limits.pendingHeaders + limits.headersPerRequest
            && bodies.count <= limits.bodyWindow && asked.count <= limits.bodyWindow
            && bodies.keys.allSatisfy { branch?.contains($0) == true }
            && (branch != nil || bodyRequests.isEmpty)
    }

    mutating func update(_ id: PeerID, _ change: (inout Peer) -> Void) {
        if let index = peers.firstIndex(where: { $0.id == id }) { change(&peers[index]) }
    }

    mutating func punish(_ id: PeerID, _ offence: SyncOffence) {
        actions.append(.punish(id, offence))
        left(id)
    }

    mutating func dropBranch() {
        branch = nil
        provider = nil
        headersComplete = false
        headerRequest = nil
        bodyRequests = []
        bodies = [:]
        if importing > 0 { ignoresImport = true }
        for index in peers.indices { peers[index].lacksBodies = false }
    }
}
