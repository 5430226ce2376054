import PoAIPrimitives

/// What topics and protocols of one chain are called. The genesis hash is part of each, so that networks never mix.
public struct NetworkNames: Hashable, Sendable {
    /// Hash of the chain's first block.
    public let genesis: Hash32

    /// The names of the chain that begins with `genesis`.
    public init(genesis: Hash32) { self.genesis = genesis }

    /// Prefix of all names: `/poai/` and the hash in hexadecimal digits.
    public var prefix: String { "/poai/" + genesis.description.dropFirst(2) }

    /// Gossip topic of new blocks.
    public var blocks: String { prefix + "/blocks/1" }
    /// Gossip topic of announced transactions.
    public var transactions: String { prefix + "/transactions/1" }
    /// Protocol that compares chains when peers meet.
    public var status: String { prefix + "/status/1" }
    /// Protocol that serves headers, bodies, and blocks.
    public var sync: String { prefix + "/sync/1" }
    /// Protocol that serves waiting transactions.
    public var pool: String { prefix + "/pool/1" }
    /// Protocol of the Kademlia table of this network.
    public var kademlia: String { prefix + "/kad/1.0.0" }
    /// Service that nodes of this network find each other by in the local network; it has the hash's first 8 digits, since
    /// names of services are short.
    public var localService: String { "_poai-\(genesis.description.dropFirst(2).prefix(8))._udp.local" }
}
