import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// Reads a chain from its data folder; also while a node in another process writes there. Each call sees the last commit.
public final class ChainReader: Sendable {
    /// The chain's rules.
    public let spec: ChainSpec
    /// The open data folder.
    public let folder: DataFolder

    /// Opens the chain in `dataDirectory` for reading; its spec is read from the database.
    public init(dataDirectory: String) throws(ChainError) {
        let folder = try storing { () throws(StorageError) in try DataFolder(readingFrom: dataDirectory) }
        guard let spec = StoredSpec.decode(folder.identity.specification),
            spec.parametersHash == folder.identity.parametersHash
        else { throw .specification("the chain spec stored in \(dataDirectory) does not fit its hash: sync again") }
        self.folder = folder
        self.spec = spec
    }

    init(folder: DataFolder, spec: ChainSpec) {
        self.folder = folder
        self.spec = spec
    }

    /// The end of the canonical chain.
    public func head() throws(ChainError) -> ChainHead {
        try read { (snapshot) throws(StorageError) in
            try Self.head(try ChainTables.head(in: snapshot), spec, snapshot)
        }
    }

    /// A known header, canonical or not; nil if there is none with this hash.
    public func header(_ hash: Hash32) throws(ChainError) -> BlockHeader? {
        try read { (snapshot) throws(StorageError) in try ChainTables.headers.get(hash, in: snapshot) }
    }

    /// The hash of the canonical block at a height; nil above the head.
    public func canonicalHash(at number: UInt64) throws(ChainError) -> Hash32? {
        try read { (snapshot) throws(StorageError) in try ChainTables.canonical.get(number, in: snapshot) }
    }

    /// The canonical header at a height; nil above the head.
    public func header(at number: UInt64) throws(ChainError) -> BlockHeader? {
        try read { (snapshot) throws(StorageError) in
            guard let hash = try ChainTables.canonical.get(number, in: snapshot) else { return nil }
            return try snapshot.requireHeader(hash)
        }
    }

    /// A known block, canonical or not; nil if there is none with this hash.
    /// - Throws: `StorageError.pruned` when its body is gone.
    public func block(_ hash: Hash32) throws(ChainError) -> Block? {
        try read { (snapshot) throws(StorageError) in
            guard try ChainTables.headers.contains(hash, in: snapshot) else { return nil }
            return try snapshot.requireBlock(hash)
        }
    }

    /// The canonical block at a height; nil above the head.
    /// - Throws: `StorageError.pruned` when its body is gone.
    public func block(at number: UInt64) throws(ChainError) -> Block? {
        try read { (snapshot) throws(StorageError) in
            guard let hash = try ChainTables.canonical.get(number, in: snapshot) else { return nil }
            return try snapshot.requireBlock(hash)
        }
    }

    /// Work of the branch up to and with a known block; nil if there is none with this hash.
    public func totalWork(_ hash: Hash32) throws(ChainError) -> UInt256? {
        try read { (snapshot) throws(StorageError) in try ChainTables.work.get(hash, in: snapshot) }
    }

    /// The account in the head's state, nil if it does not exist.
    public func account(_ address: Address) throws(ChainError) -> Account? {
        try read { (snapshot) throws(StorageError) in try ChainTables.accounts.get(address, in: snapshot) }
    }

    /// The balance in the head's state, in wei; 0 for an account that does not exist.
    public func balance(_ address: Address) throws(ChainError) -> UInt256 { try account(address)?.balance ?? .zero }

    /// Why a block is known to be invalid, nil if it is not.
    public func invalidReason(_ hash: Hash32) throws(ChainError) -> String? {
        try read { (snapshot) throws(StorageError) in
            try ChainTables.invalid.get(hash, in: snapshot).map { String(decoding: $0.bytes, as: UTF8.self) }
        }
    }

    /// The lowest height whose body and undo record are kept.
    public func oldestKept() throws(ChainError) -> UInt64 {
        try read { (snapshot) throws(StorageError) in try ChainTables.oldestKept(in: snapshot) }
    }

    /// What a child of a known block must look like; nil if the block is not known.
    public func expectations(after hash: Hash32) throws(ChainError) -> HeaderExpectations? {
        try read { (snapshot) throws(StorageError) in
            guard let header = try ChainTables.headers.get(hash, in: snapshot) else { return nil }
            return try HeaderExpectations.after(header, hash: hash, spec: spec, in: StoreContext(snapshot))
        }
    }

    func read<R>(_ body: (Snapshot) throws(StorageError) -> R) throws(ChainError) -> R {
        do throws(StorageError) { return try folder.environment.read(body) } catch { throw .storage(error) }
    }

    static func head(_ hash: Hash32, _ spec: ChainSpec, _ snapshot: Snapshot) throws(StorageError) -> ChainHead {
        let header = try snapshot.requireHeader(hash)
        let context = StoreContext(snapshot)
        guard let expectations = try HeaderExpectations.after(header, hash: hash, spec: spec, in: context) else {
            throw snapshot.inconsistent("an ancestor of the head \(hash) is missing")
        }
        return ChainHead(
            hash: hash, header: header, totalWork: try snapshot.requireWork(hash), expectations: expectations)
    }
}
