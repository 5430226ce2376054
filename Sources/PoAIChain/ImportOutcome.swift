import PoAIConsensus
import PoAIPrimitives
import PoAITypes

/// A block's place and name.
public struct BlockReference: Hashable, Sendable, CustomStringConvertible {
    /// Height.
    public var number: UInt64
    /// Hash.
    public var hash: Hash32

    /// Puts the two together.
    public init(number: UInt64, hash: Hash32) {
        self.number = number
        self.hash = hash
    }

    /// Height and hash.
    public var description: String { "\(number) \(hash)" }
}

/// The canonical chain has a new end.
public struct HeadChange: Hashable, Sendable {
    /// The new head.
    public var head: ChainHead
    /// Blocks no longer canonical, from the old head downwards; empty when the chain only grew.
    public var removed: [BlockReference]
    /// Blocks now canonical, upwards to the new head.
    public var added: [BlockReference]

    /// True when blocks were taken back.
    public var isReorganization: Bool { !removed.isEmpty }
}

/// The canonical chain's end and what its next block must look like.
public struct ChainHead: Hashable, Sendable {
    /// The head's hash.
    public var hash: Hash32
    /// The head's header.
    public var header: BlockHeader
    /// Work of the chain up to and with the head.
    public var totalWork: UInt256
    /// What the rules demand of a child.
    public var expectations: HeaderExpectations

    /// The head's height and hash.
    public var reference: BlockReference { BlockReference(number: header.number, hash: hash) }
}

/// What became of a block that was handed in.
public enum ImportOutcome: Hashable, Sendable {
    /// It is the new head.
    case newHead(HeadChange)
    /// It is stored on a branch with no more work than the canonical one.
    case sideBranch
    /// It was here before, or twice in one batch.
    case alreadyKnown
    /// An ancestor is missing: the hash to ask for. The block waits in the orphan pool, unless that is too full.
    case orphan(missing: Hash32)
    /// It was not stored.
    case rejected(BlockFault)
    /// Its branch has more work, but leaves the canonical chain below the oldest block that can be undone; not stored.
    case reorgTooDeep(forkHeight: UInt64, oldestKept: UInt64)
}

extension ImportOutcome: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .newHead(let change) where change.isReorganization:
            "new head \(change.head.reference) after taking back \(change.removed.count) blocks"
        case .newHead(let change): "new head \(change.head.reference)"
        case .sideBranch: "on a side branch"
        case .alreadyKnown: "already known"
        case .orphan(let missing): "waits for its ancestor \(missing)"
        case .rejected(let fault): "rejected: \(fault)"
        case .reorgTooDeep(let fork, let oldest):
            "its branch leaves the chain at height \(fork), but blocks below \(oldest) were pruned: "
                + "sync again with a larger --prune-depth (0 keeps all)"
        }
    }
}

/// Why a block was rejected.
public enum BlockFault: Error, Hashable, Sendable {
    /// The header breaks a rule, or its seal is false: the block is invalid for ever.
    case header(HeaderFault)
    /// A transaction of the block must not be there: invalid for ever. Position from 0, and why.
    case transaction(index: Int, reason: String)
    /// Executing the block uses another amount of gas: invalid for ever.
    case gasUsed(got: UInt64, expected: UInt64)
    /// Executing the block gives other receipts: invalid for ever.
    case receiptsRoot(got: Hash32, expected: Hash32)
    /// Executing the block gives other logs: invalid for ever.
    case logsBloom
    /// Executing the block gives another state: invalid for ever.
    case stateRoot(got: Hash32, expected: Hash32)
    /// It builds on an invalid block: invalid for ever.
    case invalidAncestor(Hash32)
    /// It was found invalid before; the reason given then.
    case knownInvalid(String)
    /// The body does not belong to the header; another copy of the block may be right.
    case mutated(Hash32)
    /// The timestamp is too far ahead; acceptable after so many seconds.
    case fromTheFuture(seconds: UInt64)
    /// A second block with height 0.
    case otherGenesis(Hash32)

    /// True when every copy of the block is invalid, at any time.
    public var isPermanent: Bool {
        switch self {
        case .mutated, .fromTheFuture: false
        default: true
        }
    }
}

extension BlockFault: CustomStringConvertible {
    /// One line: got and expected.
    public var description: String {
        switch self {
        case .header(let fault): fault.description
        case .transaction(let index, let reason): "transaction \(index) is invalid: \(reason)"
        case .gasUsed(let got, let expected): "gasUsed is \(got), but executing the block uses \(expected)"
        case .receiptsRoot(let got, let expected): "receiptsRoot is \(got), but executing the block gives \(expected)"
        case .logsBloom: "logsBloom is not the filter of the logs that executing the block gives"
        case .stateRoot(let got, let expected): "stateRoot is \(got), but executing the block gives \(expected)"
        case .invalidAncestor(let hash): "it builds on the invalid block \(hash)"
        case .knownInvalid(let reason): "found invalid before: \(reason)"
        case .mutated(let hash): "the body does not belong to the header of block \(hash)"
        case .fromTheFuture(let seconds): "from the future: acceptable in \(seconds) s; check the clocks"
        case .otherGenesis(let hash): "another network's genesis, \(hash)"
        }
    }
}
