import PoAIPrimitives

#if canImport(Glibc)
    import Glibc
#endif

/// A node's data folder: the chain database `data.mdb` and the lock that keeps a second node out.
///
/// The database carries its table layout's version and its network's identity; opening one that does not fit is an error
/// before anything is changed. A new database appears under its name only when its first content is complete.
public final class DataFolder: Sendable {
    /// The table layout this program writes; a database with a higher number is refused.
    public static let schemaVersion: UInt64 = 2

    /// The folder's path as given.
    public let path: String
    /// The open database.
    public let environment: Environment
    /// Which network's chain it holds.
    public let identity: DatabaseIdentity
    private let lock: FolderLock?

    /// Opens the folder for reading, also while a node writes in it.
    /// - Throws: `.noDatabase` when there is none; else as `Environment`.
    public init(readingFrom path: String) throws(StorageError) {
        self.path = path
        environment = try Environment(folder: path, mode: .readOnly, tables: Self.tableNames)
        identity = try Self.inspect(environment)
        lock = nil
    }

    /// Opens the folder as its one writer, and makes it if it is missing: then `populate` writes the first content.
    /// - Throws: `.folderInUse` when another node runs on it, `.otherNetwork` when it holds another chain than `expected`.
    public init(
        path: String, expecting expected: DatabaseIdentity,
        populate: (WriteTransaction) throws(StorageError) -> Void
    ) throws(StorageError) {
        self.path = path
        try makeFolder(path)
        lock = try FolderLock(folder: path)
        if try PageCheck.preflight(file: DatabasePlace.dataFile(in: path), mapLimit: Environment.largestMapSize) {
            let found = try Self.inspect(Environment(folder: path, mode: .readOnly, tables: Self.tableNames))
            guard found == expected else {
                throw .otherNetwork(folder: path, found: "\(found)", expected: "\(expected)")
            }
        } else {
            try Self.create(in: path, identity: expected, populate: populate)
        }
        environment = try Environment(folder: path, mode: .readWrite, tables: Self.tableNames, pageCheck: .metaOnly)
        identity = expected
    }

    /// True when the folder holds a database, whatever its state.
    public static func hasDatabase(at path: String) -> Bool {
        access(DatabasePlace.dataFile(in: path), F_OK) == 0
    }

    static var tableNames: [String] { TableID.allCases.map(\.description) }

    /// Builds the database in a folder of its own and moves it into place, so that a crash leaves all of it or nothing.
    private static func create(
        in path: String, identity: DatabaseIdentity, populate: (WriteTransaction) throws(StorageError) -> Void
    ) throws(StorageError) {
        let workshop = path + "/creating"
        for name in ["/data.mdb", "/lock.mdb"] { unlink(workshop + name) }
        try makeFolder(workshop)
        try build(in: workshop, identity: identity, populate: populate)
        guard rename(DatabasePlace.dataFile(in: workshop), DatabasePlace.dataFile(in: path)) == 0 else {
            throw .fromSystem(errno, path: path, operation: "move the new database into")
        }
        unlink(workshop + "/lock.mdb")
        rmdir(workshop)
        try syncFolder(path)
    }

    private static func build(
        in workshop: String, identity: DatabaseIdentity, populate: (WriteTransaction) throws(StorageError) -> Void
    ) throws(StorageError) {
        let environment = try Environment(folder: workshop, mode: .readWrite, tables: tableNames)
        try environment.write { (transaction) throws(StorageError) in
            try Meta.schema.put(schemaVersion.bigEndianBytes, in: transaction)
            try identity.store(in: transaction)
            try populate(transaction)
            return .commit(())
        }
    }

    /// Checks that the database is one of ours with a layout we know, and says whose it is.
    private static func inspect(_ environment: Environment) throws(StorageError) -> DatabaseIdentity {
        let folder = environment.place.folder
        guard environment.tables[TableID.meta.rawValue] != nil else {
            throw .foreignDatabase(folder: folder, detail: "it has no table \(TableID.meta)")
        }
        return try environment.read { (snapshot) throws(StorageError) in
            guard let bytes = try Meta.schema.get(in: snapshot), let version = UInt64(bigEndianBytes: bytes) else {
                throw .foreignDatabase(folder: folder, detail: "it has no layout version")
            }
            guard version <= schemaVersion else {
                throw .newerSchema(folder: folder, found: version, supported: schemaVersion)
            }
            guard version == schemaVersion else {
                throw .olderSchema(folder: folder, found: version, supported: schemaVersion)
            }
            for table in TableID.allCases where environment.tables[table.rawValue] == nil {
                throw .damaged(file: environment.place.file, detail: "table \(table) is missing")
            }
            return try DatabaseIdentity(in: snapshot)
        }
    }
}
