/// What a host spends on its peers, all connections together, as the resource manager of go-libp2p limits it.
public struct ConnectionLimits: Hashable, Sendable {
    /// Connections, those that are being upgraded included.
    public var connections = 256
    /// Of these, those that peers made.
    public var inbound = 192
    /// Connections of peers that are being upgraded.
    public var upgrading = 64
    /// Connections with one peer.
    public var perPeer = 4
    /// Connections from one IP address.
    public var perAddress = 8
    /// Connections from one network: /24 of IPv4, /56 of IPv6.
    public var perNetwork = 32
    /// Whether the two limits above hold for the machine itself too.
    public var limitsLoopback = false
    /// Open streams, of both sides.
    public var streams = 8192
    /// Open streams with one peer.
    public var streamsPerPeer = 1024
    /// With more connections than this some are ended.
    public var highWater = 160
    /// So many are left then.
    public var lowWater = 128
    /// A connection is not ended for their number before this age.
    public var grace = Duration.seconds(20)
    /// A connection without streams is ended after this time.
    public var idle = Duration.seconds(120)
    /// Bans that are kept; with more the one that ends first is dropped.
    public var bans = 4096

    /// The values that a node starts with.
    public init() {}
}
