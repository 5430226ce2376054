import CLMDB
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How a database is opened.
public enum AccessMode: Sendable, Hashable {
    /// Reads only; works from any number of processes while another one writes.
    case readOnly
    /// Reads and writes; the one writer of the folder.
    case readWrite
}

/// One LMDB database of named tables: one writer, many readers, each transaction a closure's scope.
///
/// Reads see the state of one commit and block nobody. A write transaction is on disk, forced by fdatasync, when
/// `write` returns. Safe to use from any thread.
public final class Environment: Sendable {
    /// The database's folder, file and size limit.
    let place: DatabasePlace
    /// Read-only or read-write.
    public let mode: AccessMode
    /// Tables of the schema, opened once: position = `TableID.rawValue`; nil when the file lacks the table.
    let tables: [MDB_dbi?]
    private let handle: EnvironmentHandle
    private let identity: FileIdentity

    /// Address space reserved when the system grants it: 1 TiB, sparse; the file grows with its content only.
    public static let largestMapSize: UInt64 = 1 << 40
    /// The smallest reservation tried before giving up: 256 MiB.
    public static let smallestMapSize: UInt64 = 1 << 28

    /// Opens the database `data.mdb` in `folder`, which must exist, and makes it in read-write mode if it is missing.
    ///
    /// The file's pages are checked first (see `PageCheck`), since LMDB trusts them. `mapSize` is the limit in bytes; nil
    /// asks for 1 TiB and takes less where the process' address space is limited.
    /// - Throws: `StorageError`, naming the folder or file.
    public init(
        folder: String, mode: AccessMode, tables names: [String], mapSize: UInt64? = nil,
        pageCheck: PageCheck.Depth = .automatic
    ) throws(StorageError) {
        let file = DatabasePlace.dataFile(in: folder)
        let existed = try PageCheck.preflight(file: file, mapLimit: mapSize ?? Self.largestMapSize)
        guard existed || mode == .readWrite else { throw .noDatabase(folder: folder) }
        let claim = existed ? try FileIdentity.claim(file: file, folder: folder) : nil
        do throws(StorageError) {
            (handle, place) = try Self.openHandle(
                folder: folder, mode: mode, tableCount: names.count, mapSize: mapSize)
            if existed { try PageCheck.run(handle: handle, place: place, depth: pageCheck) }
            tables = try Self.openTables(names, handle: handle, place: place, mode: mode)
            if !existed { try syncFolder(folder) }
            identity = if let claim { claim } else { try FileIdentity.claim(file: file, folder: folder) }
        } catch {
            claim?.release()
            throw error
        }
        self.mode = mode
    }

    deinit { identity.release() }

    /// Runs `body` on the last committed state. The snapshot is valid inside `body` only.
    public func read<R>(_ body: (Snapshot) throws(StorageError) -> R) throws(StorageError) -> R {
        let snapshot = Snapshot(
            environment: self, handle: try begin(flags: UInt32(MDB_RDONLY), operation: "begin reading"))
        defer { snapshot.abort() }
        return try body(snapshot)
    }

    /// Runs `body` with the one write transaction, waiting for another writer to finish first; commits if it returns
    /// `.commit`, undoes everything if it returns `.abort` or throws. Do not nest.
    /// - Throws: what `body` throws, or the error of the commit, after which nothing of the transaction is stored.
    public func write<R>(
        _ body: (WriteTransaction) throws(StorageError) -> WriteDecision<R>
    ) throws(StorageError) -> R {
        guard mode == .readWrite else { throw .misuse("write transaction on a database opened read-only") }
        let transaction = WriteTransaction(environment: self, handle: try begin(flags: 0, operation: "begin writing"))
        defer { transaction.abort() }
        switch try body(transaction) {
        case .abort(let result): return result
        case .commit(let result):
            try transaction.commit()
            return result
        }
    }

    /// Checks every page of the file as it is at this moment; a node may go on writing meanwhile.
    public func checkPages() throws(StorageError) {
        try PageCheck.run(handle: handle, place: place, depth: .everything)
    }

    /// Frees reader slots left by processes that died; returns how many.
    @discardableResult
    public func clearStaleReaders() throws(StorageError) -> Int {
        var dead: Int32 = 0
        try place.check(mdb_reader_check(handle.raw, &dead), "check reader slots")
        return Int(dead)
    }

    func error(_ code: Int32, _ operation: String) -> StorageError {
        .fromEngine(code, at: place, operation: operation)
    }

    private func begin(flags: UInt32, operation: String) throws(StorageError) -> OpaquePointer {
        try Self.begin(handle, place, flags: flags, operation: operation)
    }
}

/// What becomes of a write transaction when its body returns.
public enum WriteDecision<R> {
    /// Store everything written, durably, then return the value.
    case commit(R)
    /// Store nothing, return the value.
    case abort(R)
}

/// The owned `MDB_env`; closed when the last reference goes.
final class EnvironmentHandle: @unchecked Sendable {
    /// LMDB synchronizes access to the environment itself.
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }
    deinit { mdb_env_close(raw) }
}

extension DatabasePlace {
    func check(_ code: Int32, _ operation: String) throws(StorageError) {
        guard code == MDB_SUCCESS else { throw .fromEngine(code, at: self, operation: operation) }
    }
}

/// Makes a folder's entries durable.
func syncFolder(_ folder: String) throws(StorageError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .fromSystem(errno, path: folder, operation: "open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .fromSystem(errno, path: folder, operation: "sync") }
}
