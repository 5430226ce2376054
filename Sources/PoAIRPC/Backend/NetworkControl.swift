import PoAIPrimitives

/// The network of nodes, as the methods see it.
public protocol NetworkControl: Sendable {
    /// Whether other nodes can connect.
    var isListening: Bool { get }
    /// Who this node is.
    var node: NodeInformation { get }
    /// The connected nodes, in the order in which they came.
    var peers: [PeerInformation] { get }
    /// Keeps a connection to the node at a multiaddr that ends in its peer id, from now on until the node ends.
    /// - Throws: when the text is no such address.
    func addPeer(_ multiaddr: String) throws(RPCError)
    /// Ends the connection to the node at a multiaddr, or with a peer id, and no longer keeps one.
    /// - Returns: whether there was one.
    /// - Throws: when the text is neither.
    func removePeer(_ multiaddr: String) throws(RPCError) -> Bool
}

/// Who a node is and where others find it.
public struct NodeInformation: Hashable, Sendable {
    /// Its peer id in base58.
    public var peerID: String
    /// Its multiaddrs, each with the peer id.
    public var addresses: [String]

    /// Puts the parts together.
    public init(peerID: String, addresses: [String]) { (self.peerID, self.addresses) = (peerID, addresses) }
}

/// A connected node.
public struct PeerInformation: Hashable, Sendable {
    /// Its peer id in base58.
    public var peerID: String
    /// The multiaddr at the other end of the connection.
    public var address: String
    /// Whether this node dialled.
    public var isOutbound: Bool
    /// Name and version of its program, as it says.
    public var agent: String
    /// The protocols that it serves, as it says.
    public var protocols: [String]
    /// Hash of its head, as it says; nil before it did.
    public var head: Hash32?
    /// Height of its head, as it says.
    public var height: UInt64?
    /// Work of its chain, as it says.
    public var totalWork: UInt256?
    /// Its score in the exchange of messages; 0 is neutral.
    public var score: Double
    /// Milliseconds to it and back; nil before they were measured.
    public var roundTripMilliseconds: Double?

    /// Puts the parts together.
    public init(
        peerID: String, address: String, isOutbound: Bool, agent: String = "", protocols: [String] = [],
        head: Hash32? = nil, height: UInt64? = nil, totalWork: UInt256? = nil, score: Double = 0,
        roundTripMilliseconds: Double? = nil
    ) {
        (self.peerID, self.address, self.isOutbound) = (peerID, address, isOutbound)
        (self.agent, self.protocols) = (agent, protocols)
        (self.head, self.height, self.totalWork) = (head, height, totalWork)
        (self.score, self.roundTripMilliseconds) = (score, roundTripMilliseconds)
    }
}
