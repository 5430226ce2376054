/// What the sender knows about reaching a peer; the raw values are those of the protobuf.
public enum KademliaConnection: UInt8, Hashable, Sendable {
    /// Nothing.
    case notConnected = 0
    /// It is connected to it.
    case connected = 1
    /// It was connected to it.
    case canConnect = 2
    /// It tried and failed.
    case cannotConnect = 3
}

/// A peer as messages name it.
public struct KademliaPeer: Hashable, Sendable {
    /// The bytes of its peer id.
    public let id: [UInt8]
    /// Where it may be reached: binary multiaddrs.
    public var addresses: [[UInt8]]
    /// What the sender knows about reaching it.
    public var connection: KademliaConnection

    /// Puts the parts together.
    public init(id: [UInt8], addresses: [[UInt8]], connection: KademliaConnection = .notConnected) {
        self.id = id
        self.addresses = addresses
        self.connection = connection
    }
}

/// A value under a key.
public struct KademliaRecord: Hashable, Sendable {
    /// The key that the value belongs to.
    public let key: [UInt8]
    /// The value.
    public let value: [UInt8]

    /// Puts the parts together.
    public init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// What a peer asks for, after the message types of libp2p/specs `kad-dht/README.md`.
public enum KademliaRequest: Hashable, Sendable {
    /// FIND_NODE: the peers closest to a key, mostly a peer id.
    case findNode([UInt8])
    /// PING.
    case ping
    /// GET_VALUE.
    case getValue([UInt8])
    /// PUT_VALUE.
    case putValue(KademliaRecord)
    /// GET_PROVIDERS.
    case getProviders([UInt8])
    /// ADD_PROVIDER, which has no answer.
    case addProvider([UInt8], [KademliaPeer])
}

/// The answer to a request.
public enum KademliaResponse: Hashable, Sendable {
    /// To FIND_NODE: the closest peers known, closest first.
    case nodes([KademliaPeer])
    /// To PING.
    case pong
    /// To GET_VALUE: the value if it is there, and the closest peers.
    case value(KademliaRecord?, closer: [KademliaPeer])
    /// To GET_PROVIDERS: who has it, and the closest peers.
    case providers([KademliaPeer], closer: [KademliaPeer])
}
