/// What one peer sends another at once: `RPC` of the gossipsub specification (1.0 to 1.2). One frame on the wire.
public struct GossipRPC: Hashable, Sendable {
    /// Topics that the sender joins or leaves, in order.
    public var subscriptions: [GossipSubscription]
    /// Messages in full.
    public var messages: [GossipMessage]
    /// Control messages.
    public var control: GossipControl

    /// An RPC of these parts.
    public init(
        subscriptions: [GossipSubscription] = [], messages: [GossipMessage] = [], control: GossipControl = .init()
    ) {
        self.subscriptions = subscriptions
        self.messages = messages
        self.control = control
    }
}

/// The sender joins or leaves a topic: `SubOpts`.
public struct GossipSubscription: Hashable, Sendable {
    /// True to join, false to leave.
    public var subscribe: Bool
    /// The topic.
    public var topic: String

    /// The change of one topic.
    public init(subscribe: Bool, topic: String) {
        self.subscribe = subscribe
        self.topic = topic
    }
}

/// Control messages: `ControlMessage`.
public struct GossipControl: Hashable, Sendable {
    /// Ids of messages that the sender has, by topic.
    public var have: [GossipIHave]
    /// Ids of messages that the sender asks for, one list per IWANT.
    public var want: [[GossipMessageID]]
    /// Topics in whose mesh the sender takes the receiver.
    public var graft: [String]
    /// Topics from whose mesh the sender removes the receiver.
    public var prune: [GossipPrune]
    /// Ids of messages that the sender has and wants nobody to send, one list per IDONTWANT (1.2).
    public var dontWant: [[GossipMessageID]]

    /// Control messages of these kinds.
    public init(
        have: [GossipIHave] = [], want: [[GossipMessageID]] = [], graft: [String] = [], prune: [GossipPrune] = [],
        dontWant: [[GossipMessageID]] = []
    ) {
        self.have = have
        self.want = want
        self.graft = graft
        self.prune = prune
        self.dontWant = dontWant
    }

    /// Whether there is nothing to send.
    public var isEmpty: Bool {
        have.isEmpty && want.isEmpty && graft.isEmpty && prune.isEmpty && dontWant.isEmpty
    }
}

/// The sender has messages of a topic: `ControlIHave`.
public struct GossipIHave: Hashable, Sendable {
    /// The topic.
    public var topic: String
    /// Ids of the messages.
    public var ids: [GossipMessageID]

    /// The ids of one topic.
    public init(topic: String, ids: [GossipMessageID]) {
        self.topic = topic
        self.ids = ids
    }
}

/// The sender removes the receiver from its mesh: `ControlPrune`.
public struct GossipPrune: Hashable, Sendable {
    /// The topic.
    public var topic: String
    /// Other peers of the topic to connect to (peer exchange).
    public var peers: [GossipPeerInfo]
    /// How long not to graft again, in seconds; nil from peers of 1.0.
    public var backoff: UInt64?

    /// A prune of one topic.
    public init(topic: String, peers: [GossipPeerInfo] = [], backoff: UInt64? = nil) {
        self.topic = topic
        self.peers = peers
        self.backoff = backoff
    }
}

/// A peer that a pruning peer recommends: `PeerInfo`.
public struct GossipPeerInfo: Hashable, Sendable {
    /// Its id.
    public var peer: GossipPeerID
    /// Its signed peer record (an envelope), nil if the sender has none.
    public var signedRecord: [UInt8]?

    /// A peer and where to find it.
    public init(peer: GossipPeerID, signedRecord: [UInt8]? = nil) {
        self.peer = peer
        self.signedRecord = signedRecord
    }
}

/// The versions of gossipsub, by the protocol that was negotiated with a peer.
public enum GossipVersion: Int, Comparable, Sendable {
    /// `/meshsub/1.0.0`
    case v1_0
    /// `/meshsub/1.1.0`: backoff and peer exchange in PRUNE.
    case v1_1
    /// `/meshsub/1.2.0`: IDONTWANT.
    case v1_2

    /// By age.
    public static func < (left: GossipVersion, right: GossipVersion) -> Bool { left.rawValue < right.rawValue }
}
