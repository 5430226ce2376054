/// What a peer did wrong.
public enum Offence: Hashable, Sendable, CaseIterable {
    /// A block that is invalid for ever, its seal or anything else.
    case invalidBlock
    /// Gossip that broke its rules so often that it is not heard any more.
    case gossipAbuse
    /// Bytes that are no message of the protocol.
    case malformed
    /// An answer that does not fit the request.
    case wrongAnswer
    /// A transaction that is invalid on whatever state.
    case invalidTransaction
    /// What nobody asked for, or asked for too often.
    case unrequested
    /// Announced and not delivered, or no answer in time.
    case silent
    /// A block whose body is not that of its header.
    case mutatedBody

    /// Points against the peer; at `ChainPeers.banPoints` it is banned.
    public var points: Double {
        switch self {
        case .invalidBlock, .gossipAbuse: 100
        case .malformed: 40
        case .wrongAnswer, .invalidTransaction: 20
        case .mutatedBody, .silent: 5
        case .unrequested: 2
        }
    }
}

/// What is to be done with a peer after an offence.
public enum Punishment: Hashable, Sendable {
    /// Nothing.
    case none
    /// End its connection and refuse it for this time.
    case ban(Duration)
}

extension SyncOffence {
    /// The same in the terms of `ChainPeers`.
    var offence: Offence {
        switch self {
        case .invalidSeal, .invalidHeader, .invalidBlock: .invalidBlock
        case .wrongBody, .brokenClaim: .wrongAnswer
        case .stalling: .silent
        case .unrequested: .unrequested
        }
    }
}
