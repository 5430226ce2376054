import struct LibP2P.Multiaddr

/// How a node meets others.
public struct P2PConfiguration: Sendable {
    /// The port that is listened on unless another is asked for.
    public static let defaultPort = 30_800

    /// The IP address that is listened on.
    public var host = "0.0.0.0"
    /// The TCP port, 0: any that is free. nil: `defaultPort`, or any that is free when that is taken.
    public var port: Int?
    /// Nodes to keep connections to.
    public var peers: [Multiaddr] = []
    /// Nodes to ask for others.
    public var bootstrap: [Multiaddr] = []
    /// The most nodes to be connected to, at least 1.
    public var maxPeers = 50
    /// Whether to look for nodes that were not named: on the local network, and by asking others.
    public var discovers = true
    /// Where others reach this node when it cannot see that itself, without the peer id.
    public var announced: Multiaddr?

    /// The defaults.
    public init() {}
}
