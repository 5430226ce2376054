/// How peers are scored, and what follows from a score: gossipsub 1.1, "Peer Scoring".
public struct GossipScoring: Hashable, Sendable {
    /// The scored topics; in others a peer earns and loses nothing.
    public var topics: [String: GossipTopicScore] = [:]
    /// The most that the topics add together, 0 for no cap.
    public var topicCap = 100.0
    /// P5, the application's own score: its weight, at least 0.
    public var applicationWeight = 1.0
    /// P6, peers that share an address: its weight, at most 0.
    public var colocationWeight = -10.0
    /// As many peers of one address are not penalized; above, P6 is the square of the surplus. At least 1.
    public var colocationThreshold = 5
    /// Addresses that P6 does not apply to, spelled as the caller of `GossipSub.peerConnected` spells them.
    public var colocationWhitelist: Set<String> = []
    /// P7, misbehaviour: its weight, at most 0.
    public var behaviourWeight = -10.0
    /// The factor of P7's counter per decay interval, above 0 and below 1.
    public var behaviourDecay = 0.99
    /// P7 is the square of what its counter exceeds this by, at least 0.
    public var behaviourThreshold = 0.0
    /// Counters decay once in this time, above 0.
    public var decayInterval = Duration.seconds(1)
    /// A smaller counter is 0.
    public var decayToZero = 0.01
    /// How long a score outlives the connection.
    public var retention = Duration.seconds(3600)
    /// How many scores outlive their connection; the best are forgotten first.
    public var maxRetained = 4096
    /// No gossip goes to a peer below, nor is its gossip read. At most 0.
    public var gossipThreshold = -200.0
    /// Own messages do not go to a peer below. At most `gossipThreshold`.
    public var publishThreshold = -500.0
    /// Nothing but subscriptions is read from a peer below. At most `publishThreshold`.
    public var graylistThreshold = -1000.0
    /// Recommendations of peers are accepted from a peer that reaches this score. At least 0.
    public var acceptExchangeThreshold = 50.0
    /// If the median of the mesh is below, better peers are grafted. At least 0.
    public var opportunisticGraftThreshold = 1.0

    /// The defaults, which score no topic.
    public init() {}

    /// Throws `invalidParameter` with the name of the first number outside of its range.
    public func validate() throws(GossipError) {
        for name in topics.keys.sorted() { try topics[name]?.validate() }
        try GossipTopicScore.weight(topicCap, "topicCap")
        try GossipTopicScore.weight(applicationWeight, "applicationWeight")
        try GossipTopicScore.weight(-colocationWeight, "colocationWeight")
        try GossipConfiguration.require(colocationThreshold >= 1, "colocationThreshold")
        try GossipTopicScore.weight(-behaviourWeight, "behaviourWeight")
        try GossipTopicScore.weight(behaviourThreshold, "behaviourThreshold")
        try GossipTopicScore.decay(behaviourDecay, "behaviourDecay")
        try GossipConfiguration.require(decayInterval > .zero, "decayInterval")
        try GossipTopicScore.decay(decayToZero, "decayToZero")
        try GossipConfiguration.require(retention >= .zero, "retention")
        try GossipConfiguration.require(maxRetained >= 0, "maxRetained")
        try GossipTopicScore.weight(-gossipThreshold, "gossipThreshold")
        try GossipTopicScore.weight(gossipThreshold - publishThreshold, "publishThreshold")
        try GossipTopicScore.weight(publishThreshold - graylistThreshold, "graylistThreshold")
        try GossipTopicScore.weight(acceptExchangeThreshold, "acceptExchangeThreshold")
        try GossipTopicScore.weight(opportunisticGraftThreshold, "opportunisticGraftThreshold")
    }
}
