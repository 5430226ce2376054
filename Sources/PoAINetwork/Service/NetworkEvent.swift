import PoAIPrimitives

import struct LibP2P.Multiaddr
import struct LibP2P.PeerID

/// What people may want to know of the network.
public enum NetworkEvent: Hashable, Sendable {
    /// A node of this chain is connected.
    case joined(PeerID, address: Multiaddr?, ChainStatus, isOutbound: Bool)
    /// A connected node belongs to another chain, or did not say to which; why.
    case refused(PeerID, String)
    /// A node of this chain is gone.
    case left(PeerID)
    /// A node is refused from now on for some time, for the last of its offences.
    case banned(PeerID, Offence)
    /// This node could not do its part; why.
    case failed(String)
}

/// A node of this chain, as others may be told of it.
public struct NetworkPeer: Hashable, Sendable {
    /// What this chain's protocols know of it.
    public var chain: ChainPeer
    /// The multiaddr at the other end of the connection; nil when it is just gone.
    public var address: Multiaddr?
    /// Name and version of its program, as identify says.
    public var agent: String
    /// The protocols that it serves, as identify says.
    public var protocols: [String]
    /// Its score in gossip.
    public var score: Double
    /// Time to it and back; nil before it was measured.
    public var roundTrip: Duration?
}
