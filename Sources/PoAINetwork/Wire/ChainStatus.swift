import PoAIPrimitives
import PoAITypes

/// What a node says of its chain when it meets another (docs/spec/network.md, "Status").
public struct ChainStatus: Hashable, Sendable {
    /// The version of these protocols.
    public static let version: UInt64 = 1

    /// The sender's version of the protocols.
    public var version: UInt64
    /// EIP-155 chain id.
    public var chainID: UInt64
    /// Hash of the first block.
    public var genesis: Hash32
    /// Hash of the chain's parameters.
    public var parameters: Hash32
    /// SHA-256 of the model that seals the head.
    public var model: Hash32
    /// The numeric contract of that model, 1 to 32 characters.
    public var engine: String
    /// The head's hash.
    public var head: Hash32
    /// The head's height.
    public var height: UInt64
    /// Work of the chain up to and with the head.
    public var totalWork: UInt256
    /// Name and version of the program, at most 64 printable characters.
    public var agent: String

    /// Puts the parts together.
    public init(
        version: UInt64 = Self.version, chainID: UInt64, genesis: Hash32, parameters: Hash32, model: Hash32,
        engine: String, head: Hash32, height: UInt64, totalWork: UInt256, agent: String
    ) {
        self.version = version
        self.chainID = chainID
        self.genesis = genesis
        self.parameters = parameters
        self.model = model
        self.engine = engine
        self.head = head
        self.height = height
        self.totalWork = totalWork
        self.agent = agent
    }

    /// The canonical RLP.
    public func encoded() -> [UInt8] {
        RLP.encode(
            .list([
                .uint(version), .uint(chainID), .hash(genesis), .hash(parameters), .hash(model),
                .bytes(Array(engine.utf8)), .hash(head), .uint(height), .uint(totalWork), .bytes(Array(agent.utf8)),
            ]))
    }

    /// Decodes exactly one status. The version is read first: what follows it may be anything in another version.
    /// - Throws: `WireError`; `version` when it is not this node's.
    public init(_ bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= WireLimits.status else {
            throw .tooMany("bytes of a status", got: bytes.count, limit: WireLimits.status)
        }
        let (version, _) = try WireReader.message(bytes, limit: WireLimits.statusFields)
        guard version == Self.version else { throw .version(version) }
        let fields = try WireReader.parts(bytes[...], count: 10)
        self.version = version
        chainID = try WireReader.uint64(fields[1])
        genesis = try WireReader.hash(fields[2])
        parameters = try WireReader.hash(fields[3])
        model = try WireReader.hash(fields[4])
        engine = try WireReader.text(fields[5], "engine", limit: 32)
        head = try WireReader.hash(fields[6])
        height = try WireReader.uint64(fields[7])
        totalWork = try WireReader.uint256(fields[8])
        agent = try WireReader.text(fields[9], "agent", limit: WireLimits.agent)
    }
}
