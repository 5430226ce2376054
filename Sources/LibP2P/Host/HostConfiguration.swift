/// What a host says of itself and what it spends on its peers.
public struct HostConfiguration: Sendable {
    /// Name and version of the program, as identify tells it.
    public var agent = "poai"
    /// Name and version of the network, as identify tells it.
    public var protocolVersion = "poai/1"
    /// Where peers reach this host beside its own addresses, such as a router's that forwards to it; without peer id.
    public var announced: [Multiaddr] = []
    /// What all connections together may cost.
    public var connections = ConnectionLimits()
    /// What one connection may cost.
    public var yamux = YamuxLimits()
    /// Whether the handshake offers the stream muxer; without it the muxer is agreed afterwards.
    public var offersEarlyMuxer = true
    /// The time that a connection has to be made and upgraded.
    public var upgradeLimit = Duration.seconds(15)
    /// The time that a peer has to agree on the protocol of a stream.
    public var negotiationLimit = Duration.seconds(10)
    /// The time that a peer has to finish a stream that this side finished and left.
    public var lingerLimit = Duration.seconds(60)

    /// Time between two looks for connections that are to be ended.
    public var maintenance = Duration.seconds(1)

    /// The values that a node starts with.
    public init() {}
}
