import PoAIPrimitives

/// Which chain a database holds.
public struct DatabaseIdentity: Sendable, Hashable {
    /// The network's name.
    public var network: String
    /// Hash of block 0.
    public var genesisHash: Hash32
    /// Hash of all consensus parameters.
    public var parametersHash: Hash32
    /// The chain spec in the caller's encoding, so that other commands need only the folder. Not compared.
    public var specification: [UInt8]

    /// Puts together the four parts.
    public init(network: String, genesisHash: Hash32, parametersHash: Hash32, specification: [UInt8]) {
        self.network = network
        self.genesisHash = genesisHash
        self.parametersHash = parametersHash
        self.specification = specification
    }

    /// Equal when name, genesis and parameters are.
    public static func == (a: Self, b: Self) -> Bool {
        a.network == b.network && a.genesisHash == b.genesisHash && a.parametersHash == b.parametersHash
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(network)
        hasher.combine(genesisHash)
        hasher.combine(parametersHash)
    }

    init(in snapshot: Snapshot) throws(StorageError) {
        func require(_ entry: Meta) throws(StorageError) -> [UInt8] {
            guard let bytes = try entry.get(in: snapshot) else {
                throw .damaged(file: snapshot.environment.place.file, detail: "no record of \(entry.rawValue)")
            }
            return bytes
        }
        func hash(_ entry: Meta) throws(StorageError) -> Hash32 {
            guard let hash = Hash32(try require(entry)) else {
                throw .damaged(file: snapshot.environment.place.file, detail: "record of \(entry.rawValue) is no hash")
            }
            return hash
        }
        network = String(decoding: try require(.network), as: UTF8.self)
        genesisHash = try hash(.genesis)
        parametersHash = try hash(.parameters)
        specification = try require(.specification)
    }

    func store(in transaction: WriteTransaction) throws(StorageError) {
        try Meta.network.put(Array(network.utf8), in: transaction)
        try Meta.genesis.put(genesisHash.bytes, in: transaction)
        try Meta.parameters.put(parametersHash.bytes, in: transaction)
        try Meta.specification.put(specification, in: transaction)
    }
}

extension DatabaseIdentity: CustomStringConvertible {
    /// Name, genesis and parameters on one line.
    public var description: String {
        "\(network) (genesis \(genesisHash.hex), parameters \(parametersHash.hex))"
    }
}
