/// What a gossip service knows, behind its lock.
struct GossipServiceState: Sendable {
    /// A connected peer.
    struct Peer: Sendable {
        /// What there is between the service and the peer.
        enum Phase: Sendable {
            /// Nothing; tried again after so many heartbeats, never when nil.
            case idle(retryIn: Int?)
            /// A stream is being opened.
            case opening
            /// The router knows it.
            case open(GossipLink)
        }

        let id: PeerID
        /// Tells this connection from earlier ones.
        let ticket: UInt64
        var phase = Phase.idle(retryIn: 0)
        var attempts = 0
        var inbound: GossipInbound?
        /// Heartbeats below the graylist threshold.
        var badHeartbeats = 0
        /// RPCs that were none.
        var malformed = 0
    }

    /// A joined topic.
    struct Topic: Sendable {
        let ticket: UInt64
        let validate: @Sendable (GossipMessage, PeerID) async -> GossipVerdict
        var running = 0
        var waiting = GossipQueue<Validation>()
    }

    /// A message to validate.
    struct Validation: Sendable {
        let id: GossipMessageID
        let message: GossipMessage
        let sender: GossipPeerID
    }

    /// Something to do outside of the lock.
    struct Action: Sendable {
        let action: GossipAction
        let isOwn: Bool
    }

    var router: GossipSub
    var actions: [Action] = []
    var isExecuting = false
    var isRunning = false
    var peers: [GossipPeerID: Peer] = [:]
    var links: [GossipPeerID: GossipLink] = [:]
    var topics: [String: Topic] = [:]
    var tickets: UInt64 = 0
    var sequence: UInt64
    /// Told of peers that stay below the graylist threshold.
    var onMisbehaviour: (@Sendable (PeerID, Double) -> Void)?
    var jobs: AsyncStream<@Sendable () async -> Void>.Continuation?
    var root: Task<Void, Never>?

    init(_ router: GossipSub, sequence: UInt64) {
        self.router = router
        self.sequence = sequence
    }

    mutating func ticket() -> UInt64 {
        tickets += 1
        return tickets
    }

    mutating func add(_ actions: [GossipAction], isOwn: Bool = false) {
        self.actions += actions.map { Action(action: $0, isOwn: isOwn) }
    }
}
