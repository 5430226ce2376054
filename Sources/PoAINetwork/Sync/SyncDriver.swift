import Dispatch
import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// Asks peers for parts of the chain.
public protocol SyncTransport: Sendable {
    /// The peer's headers above the first hash of the locator that it knows.
    func headers(after locator: [Hash32], limit: Int, from peer: PeerID) async throws -> [BlockHeader]
    /// Bodies by block hash; what the peer does not have is left out.
    func bodies(_ hashes: [Hash32], from peer: PeerID) async throws -> [(hash: Hash32, transactions: [Transaction])]
}

/// How far the synchronisation is.
public struct SyncStatus: Hashable, Sendable {
    /// Height where it began.
    public var startingHeight: UInt64
    /// Height of the head.
    public var currentHeight: UInt64
    /// Height that the best peer claims, at least the head's.
    public var highestHeight: UInt64
}

/// Carries out what `ChainSync` decides; imports run on a queue of their own.
public actor SyncDriver {
    private let chain: Blockchain
    private let transport: any SyncTransport
    private let punish: @Sendable (PeerID, SyncOffence) -> Void
    private let importQueue = DispatchQueue(label: "poai.sync.import")
    private let start = ContinuousClock.now
    private var sync: ChainSync
    private var startingHeight: UInt64?

    /// A driver that begins with the first peer.
    public init(
        _ chain: Blockchain, _ transport: any SyncTransport, limits: SyncLimits = SyncLimits(),
        punish: @escaping @Sendable (PeerID, SyncOffence) -> Void
    ) {
        self.chain = chain
        self.transport = transport
        self.punish = punish
        sync = ChainSync(chain.reader, limits: limits)
    }

    /// A peer is there, or has a new head.
    public func peer(_ id: PeerID, claims claim: SyncClaim) throws {
        sync.peer(id, claims: claim)
        try advance()
    }

    /// A peer is gone.
    public func left(_ id: PeerID) throws {
        sync.left(id)
        try advance()
    }

    /// How far it is; nil when it is not at work.
    public var status: SyncStatus? {
        guard let startingHeight else { return nil }
        let current = chain.head.header.number
        let highest = sync.highestClaim
        return SyncStatus(
            startingHeight: startingHeight, currentHeight: current, highestHeight: max(current, highest))
    }

    /// Watches the time that answers take, until the task is cancelled.
    public func run() async throws {
        while !Task.isCancelled {
            try advance()
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func advance() throws {
        for action in try sync.step(now: ContinuousClock.now - start) {
            if case .finished = action { startingHeight = nil } else { begin(action) }
        }
    }

    private func begin(_ action: SyncAction) {
        switch action {
        case .punish(let peer, let offence): punish(peer, offence)
        case .finished: break
        default:
            if startingHeight == nil { startingHeight = chain.head.header.number }
            Task { try await self.carryOut(action) }
        }
    }

    private func carryOut(_ action: SyncAction) async throws {
        switch action {
        case .requestHeaders(let id, let peer, let locator, let limit):
            let answer = try? await transport.headers(after: locator, limit: limit, from: peer)
            if let answer { try sync.headers(id, answer, time: chain.now) } else { sync.failed(id) }
        case .requestBodies(let id, let peer, let hashes):
            let answer = try? await transport.bodies(hashes, from: peer)
            if let answer { sync.bodies(id, answer) } else { sync.failed(id) }
        case .importBlocks(let blocks): sync.imported(await importing(blocks))
        case .punish, .finished: break
        }
        try advance()
    }

    private func importing(_ blocks: [Block]) async -> SyncImportResult {
        await withCheckedContinuation { continuation in
            importQueue.async { [chain] in continuation.resume(returning: SyncImportResult(of: blocks, in: chain)) }
        }
    }
}

extension ChainSync {
    /// The greatest height that a peer claims.
    var highestClaim: UInt64 { peers.map(\.claim.height).max() ?? 0 }
}

extension SyncImportResult {
    /// Imports blocks, parents first; blocks its caller.
    package init(of blocks: [Block], in chain: Blockchain) {
        guard let outcomes = try? chain.importBatch(blocks) else {
            self = .failed
            return
        }
        self = .stored
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .newHead, .sideBranch, .alreadyKnown: continue
            case .rejected(.header(.traceDigest)), .rejected(.header(.loss)):
                self = .invalid(index: index, isSeal: true)
            case .rejected(let fault) where fault.isPermanent: self = .invalid(index: index, isSeal: false)
            case .rejected, .orphan, .reorgTooDeep: self = .failed
            }
            return
        }
    }
}
