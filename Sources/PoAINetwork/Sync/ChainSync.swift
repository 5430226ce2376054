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
        /// Answers that brought nothing towards its claim.
        var fruitless = 0
        /// Requests that failed since the last that did not.
        var failures = 0
        /// It is not asked before this time.
        var restsUntil = Duration.zero
    }

    struct HeaderRequest {
        let id: UInt64
        let peer: PeerID
        let claim: SyncClaim
        let deadline: Duration
    }

    struct BodyRequest {
        let id: UInt64
        let peer: PeerID
        let hashes: [Hash32]
        let deadline: Duration
    }

    struct Body {
        let transactions: [Transaction]
        /// Encoded.
        let bytes: Int
    }

    /// A batch that is being imported.
    struct Import {
        let id: UInt64
        let count: Int
        var result: SyncImportResult?
    }

    let reader: ChainReader
    let rules: HeaderRules
    let limits: SyncLimits
    var peers: [Peer] = []
    var branch: PendingHeaders?
    /// Who is asked for the headers of the branch.
    var provider: PeerID?
    /// The provider has no more headers.
    var headersComplete = false
    /// Times that the provider left the branch.
    var branchChanges = 0
    var headerRequest: HeaderRequest?
    var bodyRequests: [BodyRequest] = []
    var bodies: [Hash32: Body] = [:]
    var bodyBytes = 0
    /// Batches at the bottom of the branch that are being imported, upwards.
    var imports: [Import] = []
    /// Imports that this machine failed at since the last that it did not.
    var importFailures = 0
    var importPausedUntil = Duration.zero
    var actions: [SyncAction] = []
    var nextID: UInt64 = 0
    var isIdle = true
    /// The time of the last step.
    var clock = Duration.zero
    /// Another number whenever headers were added or given up.
    package private(set) var headersRevision: UInt64 = 0

    /// A synchronisation of the chain that `reader` reads.
    public init(_ reader: ChainReader, limits: SyncLimits = SyncLimits()) {
        self.reader = reader
        self.limits = limits
        rules = HeaderRules(spec: reader.spec)
    }

    /// A peer is there, or has a new head.
    public mutating func peer(_ id: PeerID, claims claim: SyncClaim) {
        guard let index = peers.firstIndex(where: { $0.id == id }) else {
            peers.append(Peer(id: id, claim: claim))
            return
        }
        guard peers[index].claim != claim else { return }
        peers[index].claim = claim
        peers[index].isExhausted = false
        peers[index].lacksBodies = false
        if provider == id { headersComplete = false }
    }

    /// A peer is gone. Another may go on with the headers it gave.
    public mutating func left(_ id: PeerID) {
        peers.removeAll { $0.id == id }
        bodyRequests.removeAll { $0.peer == id }
        if headerRequest?.peer == id { headerRequest = nil }
        if provider == id { (provider, headersComplete) = (nil, false) }
    }

    /// A request was not answered.
    public mutating func failed(_ id: UInt64) {
        if let request = headerRequest, request.id == id {
            headerRequest = nil
            provider = nil
            rest(request.peer)
        }
        if let index = bodyRequests.firstIndex(where: { $0.id == id }) { rest(bodyRequests.remove(at: index).peer) }
    }

    /// The blocks of an `importBlocks` were dealt with.
    public mutating func imported(_ id: UInt64, _ result: SyncImportResult) {
        guard let index = imports.firstIndex(where: { $0.id == id }) else { return }
        imports[index].result = result
        while let first = imports.first, let result = first.result {
            imports.removeFirst()
            conclude(first.count, result)
        }
    }

    private mutating func conclude(_ count: Int, _ result: SyncImportResult) {
        switch result {
        case .stored:
            for hash in branch?.hashes.prefix(count) ?? [] { removeBody(hash) }
            branch?.removeFirst(count)
            importFailures = 0
            if let provider { update(provider) { $0.fruitless = 0 } }
        case .invalid(let index, let isSeal):
            let sender = branch.flatMap { $0.sources.indices.contains(index) ? $0.sources[index] : nil }
            let guilty = [provider, sender == provider ? nil : sender].compactMap { $0 }
            dropBranch()
            for peer in guilty { punish(peer, isSeal ? .invalidSeal : .invalidBlock) }
        case .refused:
            if let provider { update(provider) { $0.isExhausted = true } }
            dropBranch()
        case .failed:
            imports = []
            importFailures += 1
            let pause = Duration.seconds(1 << min(importFailures - 1, 16))
            importPausedUntil = clock + min(pause, limits.longestImportPause)
        }
    }

    /// What is to be done now.
    /// - Parameters:
    ///   - now: time since any fixed moment.
    /// - Throws: when the stored chain cannot be read; nothing is lost then, call it again.
    public mutating func step(now: Duration) throws(ChainError) -> [SyncAction] {
        clock = now
        expire(now)
        let head = try reader.head()
        endBranch(head)
        if provider == nil { choose(head) }
        try requestHeaders(head, now)
        if let branch, branch.totalWork > head.totalWork || !imports.isEmpty {
            requestBodies(branch, now)
            importReady(branch)
        }
        defer { actions = [] }
        return actions
    }

    /// Bytes of the bodies kept.
    package var keptBodyBytes: Int { bodyBytes }

    /// True when the parts agree, no body is asked for twice, and the limits hold.
    package var isConsistent: Bool {
        let asked = bodyRequests.flatMap(\.hashes)
        return Set(asked).count == asked.count && asked.allSatisfy { bodies[$0] == nil }
            && (branch?.headers.count ?? 0) <= limits.pendingHeaders + limits.headersPerRequest
            && bodies.count <= limits.bodyWindow && asked.count <= limits.bodyWindow
            && bodies.keys.allSatisfy { branch?.contains($0) == true }
            && asked.allSatisfy { branch?.contains($0) == true }
            && bodyBytes == bodies.values.reduce(0) { $0 + $1.bytes }
            && importing <= (branch?.headers.count ?? 0) && imports.count <= limits.importsAhead
            && branch?.hashes.prefix(importing).allSatisfy { bodies[$0] != nil } ?? true
            && headerRequest.map { $0.peer == provider } ?? true
            && provider.map { id in peers.contains { $0.id == id } } ?? true
    }

    /// Blocks at the bottom of the branch that are being imported.
    var importing: Int { imports.reduce(0) { $0 + $1.count } }

    mutating func update(_ id: PeerID, _ change: (inout Peer) -> Void) {
        if let index = peers.firstIndex(where: { $0.id == id }) { change(&peers[index]) }
    }

    mutating func punish(_ id: PeerID, _ offence: SyncOffence) {
        actions.append(.punish(id, offence))
        left(id)
    }

    private mutating func rest(_ id: PeerID) {
        let (clock, time) = (clock, limits.restTime)
        update(id) { peer in
            peer.failures = min(peer.failures + 1, 6)
            peer.restsUntil = clock + time * peer.failures
        }
    }

    mutating func removeBody(_ hash: Hash32) {
        if let body = bodies.removeValue(forKey: hash) { bodyBytes -= body.bytes }
    }

    /// The headers are others than before.
    mutating func noteHeaders() { headersRevision &+= 1 }

    mutating func dropBranch() {
        if branch != nil { noteHeaders() }
        branch = nil
        provider = nil
        headersComplete = false
        headerRequest = nil
        bodyRequests = []
        (bodies, bodyBytes) = ([:], 0)
        imports = []
        for index in peers.indices { peers[index].lacksBodies = false }
    }
}
