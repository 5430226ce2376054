/// A gossipsub router (1.0, 1.1, 1.2) as a state machine: every call may change the state and returns what to send. It
/// reads no clock: `now` is the time since any fixed moment and does not go backwards; an earlier time counts as the latest.
/// Random choices come from the given generator and nothing depends on the order of dictionaries, so that equal calls give
/// equal actions.
///
/// Call `heartbeat` once a second, and `report` for every `GossipAction.validate`.
public struct GossipSub: Sendable {
    /// This node's id.
    public let id: GossipPeerID
    /// The numbers of the router.
    public let configuration: GossipConfiguration
    package let messageID: @Sendable (GossipMessage) -> GossipMessageID?
    package let isAuthentic: @Sendable (GossipMessage) -> Bool
    package var random: any RandomNumberGenerator & Sendable

    package var now = Duration.zero
    package var peers: [GossipPeerID: GossipPeer] = [:]
    /// The connected peers in the order in which they came.
    package var peerOrder: [GossipPeerID] = []
    /// The joined topics and their meshes, in the order in which they were joined.
    package var meshes: [Mesh] = []
    /// Topics that were published to without having been joined.
    package var fanouts: [Fanout] = []
    package var scores: GossipScores
    package var backoffs: GossipBackoffs
    package var seen: GossipSeenCache
    package var cache: GossipMessageCache
    package var promises: GossipPromises
    package var pending: [GossipMessageID: Pending] = [:]
    package var pendingBytes = 0
    package var opportunisticGraftAt: Duration

    package struct Mesh: Sendable {
        package let topic: String
        package var peers: [GossipPeerID] = []
    }

    package struct Fanout: Sendable {
        package let topic: String
        package var peers: [GossipPeerID] = []
        package var publishedAt: Duration
    }

    /// A message that waits for a verdict.
    package struct Pending: Sendable {
        package let message: GossipMessage
        package let from: GossipPeerID
        package let expiry: Duration
    }

    /// A router without peers and topics.
    /// - Parameters:
    ///   - id: this node's peer id.
    ///   - random: the source of all random choices; unpredictable to others in a real node.
    ///   - messageID: the id of a message, nil if it cannot have one, which makes it invalid.
    ///   - isAuthentic: whether a message is signed as the network demands. Called before its id is remembered, so that a
    ///     forged copy cannot keep the real message out.
    public init(
        id: GossipPeerID, configuration: GossipConfiguration = .init(), scoring: GossipScoring = .init(),
        random: any RandomNumberGenerator & Sendable,
        messageID: @escaping @Sendable (GossipMessage) -> GossipMessageID? = GossipMessage.defaultID,
        isAuthentic: @escaping @Sendable (GossipMessage) -> Bool
    ) throws(GossipError) {
        try configuration.validate()
        try scoring.validate()
        self.id = id
        self.configuration = configuration
        self.messageID = messageID
        self.isAuthentic = isAuthentic
        self.random = random
        scores = GossipScores(scoring)
        backoffs = GossipBackoffs(limit: configuration.maxBackoffs)
        seen = GossipSeenCache(lifetime: configuration.seenLifetime, limit: configuration.maxSeen)
        cache = GossipMessageCache(configuration)
        promises = GossipPromises(limit: 64 * configuration.maxPeers)
        opportunisticGraftAt = configuration.opportunisticGraftPeriod
    }

    /// The connected peers, in the order in which they came.
    public var connectedPeers: [GossipPeerID] { peerOrder }

    /// The joined topics, in the order in which they were joined.
    public var topics: [String] { meshes.map(\.topic) }

    /// The mesh of a topic, nil if it is not joined.
    public func mesh(_ topic: String) -> [GossipPeerID]? { meshes.first { $0.topic == topic }?.peers }

    /// The score of a peer, 0 if it is unknown.
    public func score(of peer: GossipPeerID) -> Double { scores.score(peer) }

    /// Sets the application's own score of a connected peer (P5). Does nothing if it is not finite.
    public mutating func setApplicationScore(_ score: Double, of peer: GossipPeerID) {
        if peers[peer] != nil { scores.setApplicationScore(score, of: peer) }
    }

    package var scoring: GossipScoring { scores.parameters }

    package mutating func advance(_ time: Duration) { now = max(now, time) }

    package func meshIndex(_ topic: String) -> Int? { meshes.firstIndex { $0.topic == topic } }

    package func isValidTopic(_ topic: String) -> Bool {
        !topic.isEmpty && topic.utf8.count <= configuration.maxTopicBytes
    }

    /// The connected peers that are subscribed to a topic and have at least this score, in order.
    package func subscribers(_ topic: String, minimum: Double) -> [GossipPeerID] {
        peerOrder.filter { peers[$0]?.topics.contains(topic) == true && scores.score($0) >= minimum }
    }

    /// Whether this node may graft a peer: the backoff and the slack are over.
    package func mayGraft(_ peer: GossipPeerID, _ topic: String) -> Bool {
        guard let expiry = backoffs.expiry(peer, topic: topic) else { return true }
        return expiry + configuration.backoffSlack <= now
    }

    /// The peers that can be grafted, in random order.
    package mutating func candidates(_ topic: String, except excluded: [GossipPeerID]) -> [GossipPeerID] {
        let able = subscribers(topic, minimum: 0).filter { !excluded.contains($0) && mayGraft($0, topic) }
        return shuffled(able)
    }

    package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        elements.shuffle(using: &random)
        return elements
    }
}
