/// A node among peers: its connections, and what it serves on streams. Safe to use from any thread.
public protocol PeerHost: AnyObject, Sendable {
    /// Who this node is.
    var id: PeerID { get }
    /// Where it listens, with the ports that are really bound; without `/p2p`.
    var listenAddresses: [Multiaddr] { get }
    /// The peers there are connections to, in the order in which they came; one entry a peer.
    var connections: [PeerConnection] { get }

    /// Dials a peer; when the address ends in a peer id nobody else is taken. Nothing is dialled when that peer is
    /// connected already.
    /// - Returns: who is there.
    /// - Throws: `HostError`.
    func connect(to address: Multiaddr) async throws(HostError) -> PeerID

    /// Opens a stream to a connected peer for the first of `protocols` that it speaks.
    /// - Throws: `StreamError`; `disconnected` when there is no connection.
    func open(_ protocols: [String], to peer: PeerID) async throws(StreamError) -> any PeerStream

    /// Has `handler` serve streams of a protocol that peers open; each runs in a task of its own, and its stream is reset
    /// when it returns without having ended it.
    func serve(_ protocolName: String, _ handler: @escaping @Sendable (any PeerStream) async -> Void)

    /// No longer serves a protocol.
    func stopServing(_ protocolName: String)

    /// What happens from now on. A slow reader misses nothing up to 4096 events; what is older is dropped.
    func events() -> AsyncStream<HostEvent>

    /// Ends the connection to a peer.
    func disconnect(_ peer: PeerID)

    /// Ends the connection to a peer and refuses it for some time.
    func ban(_ peer: PeerID, for duration: Duration)

    /// Whether the connection to a peer is kept when there are too many.
    func protect(_ peer: PeerID, _ isProtected: Bool)
}

/// A connection to a peer.
public struct PeerConnection: Hashable, Sendable {
    /// Who is there.
    public var peer: PeerID
    /// The IP address and TCP port at the other end.
    public var remoteAddress: Multiaddr
    /// Whether this node dialled.
    public var isOutbound: Bool
    /// What identify told; nil before it did.
    public var identity: PeerIdentity?
    /// Time between the last ping of the connection and its answer.
    public var roundTrip: Duration?

    /// Puts the parts together.
    public init(
        peer: PeerID, remoteAddress: Multiaddr, isOutbound: Bool, identity: PeerIdentity? = nil,
        roundTrip: Duration? = nil
    ) {
        self.peer = peer
        self.remoteAddress = remoteAddress
        self.isOutbound = isOutbound
        self.identity = identity
        self.roundTrip = roundTrip
    }
}

/// What a peer says of itself by identify.
public struct PeerIdentity: Hashable, Sendable {
    /// Name and version of its program.
    public var agent: String
    /// Name and version of its network.
    public var protocolVersion: String
    /// The protocols that it serves.
    public var protocols: [String]
    /// Where it says to listen.
    public var listenAddresses: [Multiaddr]
    /// Where it sees this node.
    public var observedAddress: Multiaddr?
    /// Its signed peer record, an envelope.
    public var signedRecord: [UInt8]?

    /// Puts the parts together.
    public init(
        agent: String = "", protocolVersion: String = "", protocols: [String] = [], listenAddresses: [Multiaddr] = [],
        observedAddress: Multiaddr? = nil, signedRecord: [UInt8]? = nil
    ) {
        self.agent = agent
        self.protocolVersion = protocolVersion
        self.protocols = protocols
        self.listenAddresses = listenAddresses
        self.observedAddress = observedAddress
        self.signedRecord = signedRecord
    }
}

/// What happens to the connections of a host.
public enum HostEvent: Hashable, Sendable {
    /// There is a first connection to a peer.
    case connected(PeerConnection)
    /// A peer told, by identify or its push, what it is.
    case identified(PeerConnection)
    /// The last connection to a peer is gone.
    case disconnected(PeerID)
}

/// Why a peer is not connected.
public enum HostError: Error, Sendable, CustomStringConvertible {
    /// The address leads to this node.
    case ownAddress
    /// The peer or its address is banned, or not wanted.
    case refused(String)
    /// A limit, of this name, is reached.
    case limit(String)
    /// The connection was not made.
    case transport(TransportError)
    /// The operating system's reason.
    case system(String)
    /// The host is stopped.
    case stopped

    /// One line for a person.
    public var description: String {
        switch self {
        case .ownAddress: "the address is this node's own"
        case .refused(let reason): "refused: \(reason)"
        case .limit(let name): "the limit on \(name) is reached"
        case .transport(let error): error.description
        case .system(let reason): reason
        case .stopped: "the host is stopped"
        }
    }
}
