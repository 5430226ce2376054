import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// How much the synchronisation asks for and keeps.
public struct SyncLimits: Hashable, Sendable {
    /// Headers in one answer.
    public var headersPerRequest = 512
    /// Headers kept that are not imported.
    public var pendingHeaders = 50_000
    /// Bodies in one request.
    public var bodiesPerRequest = 64
    /// Requests for bodies to one peer at a time.
    public var bodyRequestsPerPeer = 2
    /// Blocks above the import point whose bodies are asked for or kept.
    public var bodyWindow = 512
    /// Blocks handed to the import together; a multiple of the evaluator's batch.
    public var importBatch = 64
    /// Batches handed to the import before the first of them is stored: the seals of one are run while the one before is
    /// stored.
    public var importsAhead = 2
    /// Bytes of bodies kept, encoded; beyond, only the lowest block that is missing is asked for.
    public var bodyBytes = 64 << 20
    /// Bytes that an answer with bodies is expected to have at most.
    public var answerBytes = 4 << 20
    /// Times that a peer may give nothing new towards its claim.
    public var fruitlessAnswers = 3
    /// Times that a peer may leave the branch it began.
    public var branchChanges = 8
    /// Time for which a peer is not asked after one request that failed; it grows with each more, up to six times this.
    public var restTime = Duration.seconds(5)
    /// The longest time between two attempts to import after an error of this machine; the first is one second.
    public var longestImportPause = Duration.seconds(60)
    /// Time that an answer may take.
    public var answerTime = Duration.seconds(15)

    /// The defaults.
    public init() {}
}

/// What a peer says of its chain; not trusted.
public struct SyncClaim: Hashable, Sendable {
    /// Hash of its head.
    public var head: Hash32
    /// Height of its head.
    public var height: UInt64
    /// Work of its chain.
    public var totalWork: UInt256

    /// Puts the three together.
    public init(head: Hash32, height: UInt64, totalWork: UInt256) {
        (self.head, self.height, self.totalWork) = (head, height, totalWork)
    }
}

/// Why a peer is to be punished.
public enum SyncOffence: Hashable, Sendable {
    /// Its chain holds a block whose seal is false.
    case invalidSeal
    /// A header it sent breaks a rule.
    case invalidHeader
    /// A block of its chain cannot be executed as its header says.
    case invalidBlock
    /// A body does not belong to its header.
    case wrongBody
    /// It has less work than it said, or headers without end and without work.
    case brokenClaim
    /// It did not answer in time.
    case stalling
    /// It sent what nobody asked for.
    case unrequested
}

/// What the synchronisation wants done.
public enum SyncAction: Hashable, Sendable {
    /// Ask for the headers after the first known hash of the locator; answer under `id`.
    case requestHeaders(id: UInt64, peer: PeerID, locator: [Hash32], limit: Int)
    /// Ask for bodies; answer under `id`.
    case requestBodies(id: UInt64, peer: PeerID, hashes: [Hash32])
    /// Import these, parents first, after those of earlier actions; then tell `imported` under `id`.
    case importBlocks(id: UInt64, [Block])
    /// A peer did wrong.
    case punish(PeerID, SyncOffence)
    /// Nobody claims more work than this node has.
    case finished
}

/// What became of blocks to import.
public enum SyncImportResult: Hashable, Sendable {
    /// All are stored.
    case stored
    /// The block at this place is invalid, those before it are stored.
    case invalid(index: Int, isSeal: Bool)
    /// One could not be taken, by no fault of a peer: its chain is of no use now.
    case refused
    /// This machine could not do it; nothing is said of the blocks.
    case failed
}
