/// The numbers of the router. The defaults are those of the gossipsub specification and of go-libp2p-pubsub; bounds that
/// neither has are marked "own".
public struct GossipConfiguration: Hashable, Sendable {
    /// The wanted number of mesh peers per topic (D).
    public var degree = 6
    /// With fewer, peers are grafted (D_lo), 0...degree.
    public var degreeLow = 5
    /// With more, peers are pruned (D_hi), at least `degree`.
    public var degreeHigh = 12
    /// How many of the mesh peers this node dialled itself (D_out), below `degreeLow` and at most `degree` / 2.
    public var degreeOutbound = 2
    /// How many peers are kept by score when the mesh is too large (D_score), at most `degree`.
    public var degreeScore = 4
    /// The least number of peers that gossip is sent to (D_lazy).
    public var degreeLazy = 6
    /// The share of the peers outside of the mesh that gossip is sent to, 0...1.
    public var gossipFactor = 0.25
    /// How many heartbeats a message can be asked for.
    public var historyLength = 5
    /// In how many heartbeats a message is advertised, at most `historyLength`.
    public var historyGossip = 3
    /// How often one peer is sent the same message by IWANT.
    public var gossipRetransmission = 3
    /// How long the id of a message is remembered.
    public var seenLifetime = Duration.seconds(120)
    /// How long a fanout lives after the last message published to it.
    public var fanoutLifetime = Duration.seconds(60)
    /// How long a pruned peer is not grafted again, whole seconds.
    public var pruneBackoff = Duration.seconds(60)
    /// The same after leaving a topic.
    public var unsubscribeBackoff = Duration.seconds(10)
    /// How much longer than the backoff this node itself waits.
    public var backoffSlack = Duration.seconds(2)
    /// The longest backoff that a peer can impose (own).
    public var maxBackoff = Duration.seconds(3600)
    /// A GRAFT within this time after a PRUNE counts twice.
    public var graftFloodThreshold = Duration.seconds(10)
    /// How long a peer has to send what it advertised.
    public var followUpTime = Duration.seconds(3)
    /// How often to look for better peers than those of the mesh.
    public var opportunisticGraftPeriod = Duration.seconds(60)
    /// How many of them to graft.
    public var opportunisticGraftPeers = 2
    /// Whether own messages go to every peer of the topic, not only to the mesh.
    public var floodPublish = true
    /// Whether to recommend peers in PRUNE and to follow recommendations.
    public var peerExchange = false
    /// How many peers to recommend, or to accept from one PRUNE.
    public var prunePeers = 16
    /// The least payload in bytes for which IDONTWANT is sent.
    public var dontWantThreshold = 1024
    /// For how many heartbeats an IDONTWANT holds.
    public var dontWantLifetime = 3
    /// RPCs with IHAVE that are read per peer and heartbeat.
    public var maxHaveMessages = 10
    /// Ids that are asked for, or advertised, per peer and heartbeat.
    public var maxHaveIDs = 5000
    /// Ids in IWANT that are read per peer and heartbeat (own).
    public var maxWantIDs = 5000
    /// Ids in IDONTWANT that are read per peer and heartbeat (own).
    public var maxDontWantIDs = 1000
    /// Connected peers (own).
    public var maxPeers = 512
    /// Topics that a peer can be subscribed to (own).
    public var maxTopicsPerPeer = 128
    /// Topics that this node can join, and that it keeps a fanout for (own).
    public var maxTopics = 128
    /// Bytes of the name of a topic (own).
    public var maxTopicBytes = 256
    /// Bytes of the id of a message (own).
    public var maxIDBytes = 256
    /// Bytes of a message, all fields. Leaves room for the frame in the 1 MiB of an RPC.
    public var maxMessageBytes = (1 << 20) - 4096
    /// Remembered ids (own).
    public var maxSeen = 1 << 16
    /// Messages that wait for the verdict of the caller (own), and their bytes.
    public var maxValidating = 1024
    /// Bytes of the messages that wait for the verdict of the caller (own).
    public var maxValidatingBytes = 64 << 20
    /// Messages that can be asked for (own).
    public var maxCached = 8192
    /// Bytes of the messages that can be asked for (own).
    public var maxCachedBytes = 64 << 20
    /// Backoffs per topic (own).
    public var maxBackoffs = 4096

    /// The defaults.
    public init() {}

    /// Throws `invalidParameter` with the name of the first number outside of its range.
    public func validate() throws(GossipError) {
        try Self.require(degreeLow >= 0 && degreeLow <= degree, "degreeLow")
        try Self.require(degreeHigh >= degree, "degreeHigh")
        try Self.require(degreeOutbound >= 0 && 2 * degreeOutbound <= degree, "degreeOutbound")
        try Self.require(degreeOutbound < degreeLow || degreeOutbound == 0, "degreeOutbound")
        try Self.require(degreeScore >= 0 && degreeScore <= degree, "degreeScore")
        try Self.require(degreeLazy >= 0, "degreeLazy")
        try Self.require(gossipFactor >= 0 && gossipFactor <= 1, "gossipFactor")
        try Self.require(historyGossip >= 0 && historyLength >= max(1, historyGossip), "historyGossip")
        try Self.require(historyLength <= 1000, "historyLength")
        try Self.require(pruneBackoff >= .zero && pruneBackoff <= maxBackoff, "pruneBackoff")
        try Self.require(unsubscribeBackoff >= .zero && unsubscribeBackoff <= maxBackoff, "unsubscribeBackoff")
        try Self.require(seenLifetime > .zero, "seenLifetime")
        let limits = [
            maxHaveMessages, maxHaveIDs, maxWantIDs, maxDontWantIDs, maxPeers, maxTopicsPerPeer, maxTopics,
            maxTopicBytes, maxIDBytes, maxMessageBytes, maxSeen, maxValidating, maxValidatingBytes, maxCached,
            maxCachedBytes, maxBackoffs, prunePeers, opportunisticGraftPeers, gossipRetransmission, dontWantLifetime,
        ]
        try Self.require(limits.allSatisfy { $0 >= 0 && $0 <= 1 << 30 }, "limits")
    }

    package static func require(_ condition: Bool, _ name: String) throws(GossipError) {
        if !condition { throw .invalidParameter(name) }
    }
}
