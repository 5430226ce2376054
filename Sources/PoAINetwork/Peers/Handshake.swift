import PoAIChain
import PoAIPrimitives
import PoAITypes

/// Why two nodes do not belong together: the first difference of their statuses, in the order of the fields.
public enum HandshakeFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another version of the protocols.
    case version(theirs: UInt64, ours: UInt64)
    /// Another chain id.
    case chainID(theirs: UInt64, ours: UInt64)
    /// Another first block.
    case genesis(theirs: Hash32, ours: Hash32)
    /// Other parameters of the chain.
    case parameters(theirs: Hash32, ours: Hash32)
    /// Another model.
    case model(theirs: Hash32, ours: Hash32)
    /// Another numeric contract.
    case engine(theirs: String, ours: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .version(let theirs, let ours): "it speaks version \(theirs) of the protocols, this node \(ours)"
        case .chainID(let theirs, let ours): "its chain id is \(theirs), this node's \(ours)"
        case .genesis(let theirs, let ours): "its chain begins with block \(theirs), this node's with \(ours)"
        case .parameters(let theirs, let ours): "the hash of its chain spec is \(theirs), this node's \(ours)"
        case .model(let theirs, let ours): "the SHA-256 of its model is \(theirs), this node's \(ours)"
        case .engine(let theirs, let ours): "its engine is \(theirs), this node's \(ours)"
        }
    }
}

extension ChainStatus {
    /// What this node says of its chain now.
    public init(of head: ChainHead, spec: ChainSpec, genesis: Hash32, agent: String) {
        let pin = spec.model(at: head.header.number)
        let printable = agent.utf8.filter { (0x20..<0x7F).contains($0) }.prefix(WireLimits.agent)
        self.init(
            chainID: spec.chainID, genesis: genesis, parameters: spec.parametersHash, model: pin.sha256,
            engine: pin.engine, head: head.hash, height: head.header.number, totalWork: head.totalWork,
            agent: String(decoding: Array(printable), as: UTF8.self))
    }

    /// Compares a peer's status with this node's.
    ///
    /// The model in force may differ between heads before and after an activation; `expected` is the pin that this node's
    /// spec has at the peer's height, which both must agree on.
    /// - Throws: the first difference.
    public func check(theirs: ChainStatus, expected: ModelPin) throws(HandshakeFault) {
        if theirs.version != version { throw .version(theirs: theirs.version, ours: version) }
        if theirs.chainID != chainID { throw .chainID(theirs: theirs.chainID, ours: chainID) }
        if theirs.genesis != genesis { throw .genesis(theirs: theirs.genesis, ours: genesis) }
        if theirs.parameters != parameters { throw .parameters(theirs: theirs.parameters, ours: parameters) }
        if theirs.model != expected.sha256 { throw .model(theirs: theirs.model, ours: expected.sha256) }
        if theirs.engine != expected.engine { throw .engine(theirs: theirs.engine, ours: expected.engine) }
    }
}
