import Dispatch
import PoAIChain
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

/// What the synchronisation cannot do on this machine; it tries again by itself.
public enum SyncTrouble: Error, Equatable, Sendable, CustomStringConvertible {
    /// The chain could not be read or written, or the forward passes not be run.
    case chain(ChainError)
    /// Headers could not be kept, or those kept not be used.
    case headersFile(HeadersFileError)

    /// One line.
    public var description: String {
        switch self {
        case .chain(let error): "\(error)"
        case .headersFile(let error): "\(error)"
        }
    }
}

/// Carries out what `ChainSync` decides. Imports run on threads of their own; headers that wait are kept in the data folder
/// over a restart.
public actor SyncDriver {
    private static let saveInterval = Duration.seconds(5)
    private static let longestPause = Duration.seconds(30)

    private let chain: Blockchain
    private let transport: any SyncTransport
    private let report: @Sendable (SyncTrouble) -> Void
    private let punish: @Sendable (PeerID, SyncOffence) -> Void
    private let clock: @Sendable () -> Duration
    private let pipeline: ImportPipeline
    private let file: HeadersFile
    private let fileQueue = DispatchQueue(label: "poai.sync.headers")
    private var sync: ChainSync
    private var startingHeight: UInt64?
    private var rate = SyncRate()
    private var hasResumed = false
    private var savedRevision: UInt64 = 0
    private var savedAt: Duration?

    /// A driver that begins with the first peer.
    ///
    /// - Parameters:
    ///   - clock: time since any fixed moment.
    ///   - report: told what this machine fails at; for that no peer is punished.
    ///   - punish: told what a peer did.
    public init(
        _ chain: Blockchain, _ transport: any SyncTransport, limits: SyncLimits = SyncLimits(),
        clock: (@Sendable () -> Duration)? = nil, report: (@Sendable (SyncTrouble) -> Void)? = nil,
        punish: @escaping @Sendable (PeerID, SyncOffence) -> Void
    ) {
        let start = ContinuousClock.now
        self.chain = chain
        self.transport = transport
        self.clock = clock ?? { ContinuousClock.now - start }
        self.report = report ?? { _ in }
        self.punish = punish
        pipeline = ImportPipeline(chain)
        file = HeadersFile(folder: chain.reader.folder.path, genesis: chain.reader.folder.identity.genesisHash)
        sync = ChainSync(chain.reader, limits: limits)
    }

    /// A peer is there, or has a new head.
    public func peer(_ id: PeerID, claims claim: SyncClaim) throws {
        sync.peer(id, claims: claim)
        advance()
    }

    /// A peer is gone.
    public func left(_ id: PeerID) throws {
        sync.left(id)
        advance()
    }

    /// How far it is; nil when it is not at work.
    public var status: SyncStatus? {
        guard let startingHeight else { return nil }
        let current = chain.head.header.number
        return SyncStatus(
            startingHeight: startingHeight, currentHeight: current, highestHeight: max(current, sync.highestClaim),
            stage: sync.stage, blocksPerSecond: rate.perSecond(at: clock()))
    }

    /// Watches the time that answers take, until the task is cancelled.
    /// - Throws: `CancellationError` only.
    public func run() async throws {
        defer { save(now: nil) }
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            pause = advance() ? .seconds(1) : min(pause * 2, Self.longestPause)
            try await Task.sleep(for: pause)
        }
    }

    /// Does what is to be done; false when this machine could not.
    @discardableResult private func advance() -> Bool {
        let now = clock()
        do throws(ChainError) {
            try resume()
            let actions = try sync.step(now: now)
            for action in actions { begin(action) }
        } catch {
            report(.chain(error))
            return false
        }
        if startingHeight != nil { rate.note(chain.head.header.number, at: now) }
        save(now: now)
        return true
    }

    private func begin(_ action: SyncAction) {
        if case .finished = action {
            (startingHeight, rate) = (nil, SyncRate())
            return
        }
        if case .punish(let peer, let offence) = action { return punish(peer, offence) }
        if startingHeight == nil { startingHeight = chain.head.header.number }
        switch action {
        case .requestHeaders(let id, let peer, let locator, let limit):
            Task {
                let answer = try? await transport.headers(after: locator, limit: limit, from: peer)
                take(answer, for: id)
            }
        case .requestBodies(let id, let peer, let hashes):
            Task {
                let answer = try? await transport.bodies(hashes, from: peer)
                if let answer { sync.bodies(id, answer) } else { sync.failed(id) }
                advance()
            }
        case .importBlocks(let id, let blocks):
            pipeline.submit(blocks) { [weak self] result, error in
                guard let self else { return }
                Task { await self.finish(id, result, error) }
            }
        case .punish, .finished: break
        }
    }

    private func take(_ answer: [BlockHeader]?, for id: UInt64) {
        if let answer {
            do throws(ChainError) { try sync.headers(id, answer, time: chain.now) } catch { report(.chain(error)) }
        } else {
            sync.failed(id)
        }
        advance()
    }

    private func finish(_ id: UInt64, _ result: SyncImportResult, _ error: ChainError?) {
        if let error { report(.chain(error)) }
        sync.imported(id, result)
        advance()
    }

    /// Takes up the headers of an earlier run, once.
    private func resume() throws(ChainError) {
        if hasResumed { return }
        do throws(HeadersFileError) {
            let headers = try file.read()
            let taken = try resume(headers)
            if taken == 0, !headers.isEmpty { file.remove() }
        } catch {
            report(.headersFile(error))
            file.remove()
        }
        hasResumed = true
    }

    private func resume(_ headers: [BlockHeader]) throws(HeadersFileError) -> Int {
        do throws(ChainError) { return try sync.resume(headers, time: chain.now) } catch {
            throw HeadersFileError(description: "kept headers cannot be used: \(error)")
        }
    }

    /// Keeps the headers when they are others than those kept; not more often than `saveInterval`, but at once when there
    /// are none any more, or without a time.
    private func save(now: Duration?) {
        guard sync.headersRevision != savedRevision else { return }
        let headers = sync.pendingHeaders
        if let now, let savedAt, !headers.isEmpty, now - savedAt < Self.saveInterval { return }
        savedRevision = sync.headersRevision
        savedAt = now ?? savedAt
        fileQueue.async { [file, report] in
            if headers.isEmpty { return file.remove() }
            do throws(HeadersFileError) { try file.write(headers) } catch { report(.headersFile(error)) }
        }
    }
}
