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
    let messageID: @Sendable (GossipMessage) -> GossipMessageID?
    let isAuthentic: @Sendable (GossipMessage) -> Bool
    var random: any RandomNumberGenerator & Sendable

    var now = Duration.zero
    var peers: [GossipPeerID: GossipPeer] = [:]
    /// The connected peers in the order in which they came.
    var peerOrder: [GossipPeerID] = []
    /// The joined topics and their meshes, in the order in which they were joined.
    var meshes: [Mesh] = []
    /// Topics that were published to without having been joined.
    var fanouts: [Fanout] = []
    var scores: GossipScores
    var backoffs: GossipBackoffs
    var seen: GossipSeenCache
    var cache: GossipMessageCache
    var promises: GossipPromises
    var pending: [GossipMessageID: Pending] = [:]
    var pendingBytes = 0
    var opportunisticGraftAt: Duration

    struct Mesh: Sendable {
        let topic: String
        var peers: [GossipPeerID] = []
    }

    struct Fanout: Sendable {
        let topic: String
        var peers: [GossipPeerID] = []
        var publishedAt: Duration
    }

    /// A message that waits for a verdict.
    struct Pending: Sendable {
        let message: GossipMessage
        let from: GossipPeerID
        let expiry: Duration
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

    var scoring: GossipScoring { scores.parameters }

    mutating func advance(_ time: Duration) { now = max(now, time) }

    func meshIndex(_ topic: String) -> Int? { meshes.firstIndex { $0.topic == topic } }

    func isValidTopic(_ topic: String) -> Bool { !topic.isEmpty && topic.utf8.count <= configuration.maxTopicBytes }

    /// The connected peers that are subscribed to a topic and have at least this score, in order.
    func subscribers(_ topic: String, minimum: Double) -> [GossipPeerID] {
        peerOrder.filter { peers[$0]?.topics.contains(topic) == true && scores.score($0) >= minimum }
    }

    /// Whether this node may graft a peer: the backoff and the slack are over.
    func mayGraft(_ peer: GossipPeerID, _ topic: String) -> Bool {
        guard let expiry = backoffs.expiry(peer, topic: topic) else { return true }
        return expiry + configuration.backoffSlack <= now
    }

    /// The peers that can be grafted, in random order.
    mutating func candidates(_ topic: String, except excluded: [GossipPeerID]) -> [GossipPeerID] {
        let able = subscribers(topic, minimum: 0).filter { !excluded.contains($0) && mayGraft($0, topic) }
        return shuffled(able)
    }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        elements.shuffle(using: &random)
        return elements
    }
}
