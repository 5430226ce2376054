/// What a gossip service is given beside the numbers of the router.
public struct GossipServiceOptions: Sendable {
    /// The time between two heartbeats, above 0. The router's numbers are made for one second.
    public var heartbeat = Duration.seconds(1)
    /// Validations that run at once, per topic, at least 1.
    public var maxValidations = 64
    /// Bytes that may wait for one peer; above, the least important is dropped. Holds at least two messages.
    public var sendQueueBytes = 4 << 20
    /// A peer that reads nothing for this time, while something waits, is disconnected.
    public var writeTimeout = Duration.seconds(30)
    /// How often to try to open a stream to a connected peer before it is left alone.
    public var maxAttempts = 6
    /// Whether peers at loopback addresses count for P6 like others.
    public var countsLoopback = false
    /// As many heartbeats below the graylist threshold are misbehaviour, at least 1.
    public var graylistHeartbeats = 10
    /// Called with a peer that misbehaves, and its score; the service itself goes on with it.
    public var onMisbehaviour: (@Sendable (PeerID, Double) -> Void)?
    /// Called with a peer that a pruning peer recommends. To connect to it or not is up to the callee.
    public var onRecommendation: (@Sendable (GossipPeerInfo) -> Void)?

    /// The defaults.
    public init() {}

    /// Throws `invalidParameter` with the name of the first number outside of its range.
    public func validate() throws(GossipError) {
        try GossipConfiguration.require(heartbeat > .zero, "heartbeat")
        try GossipConfiguration.require(maxValidations >= 1, "maxValidations")
        try GossipConfiguration.require(sendQueueBytes >= 2 << 10 && sendQueueBytes <= 1 << 30, "sendQueueBytes")
        try GossipConfiguration.require(writeTimeout > .zero, "writeTimeout")
        try GossipConfiguration.require(maxAttempts >= 1, "maxAttempts")
        try GossipConfiguration.require(graylistHeartbeats >= 1, "graylistHeartbeats")
    }

    /// What P6 counts a peer by: its IPv4 address, or its IPv6 address and that one's /64 network; nothing for loopback
    /// unless that counts.
    package func addresses(_ address: Multiaddr) -> [String] {
        switch address.components.first {
        case .ip4(let ip): Self.addresses(ip, countsLoopback)
        case .ip6(let ip): Self.addresses(ip, countsLoopback)
        default: []
        }
    }

    private static func addresses(_ ip: IPv4, _ countsLoopback: Bool) -> [String] {
        ip.bytes.first == 127 && !countsLoopback ? [] : [ip.description]
    }

    private static func addresses(_ ip: IPv6, _ countsLoopback: Bool) -> [String] {
        let zeros = [UInt8](repeating: 0, count: 10)
        if ip.bytes.starts(with: zeros + [0xFF, 0xFF]), let mapped = IPv4(bytes: Array(ip.bytes.suffix(4))) {
            return addresses(mapped, countsLoopback)
        }
        if ip.bytes == zeros + [0, 0, 0, 0, 0, 1] && !countsLoopback { return [] }
        let network = IPv6(bytes: ip.bytes.prefix(8) + [UInt8](repeating: 0, count: 8))
        return [ip.description] + (network.map { ["\($0)/64"] } ?? [])
    }
}
