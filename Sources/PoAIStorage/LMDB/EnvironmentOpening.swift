import CLMDB
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

extension Environment {
    static func openHandle(
        folder: String, mode: AccessMode, tableCount: Int, mapSize: UInt64?
    ) throws(StorageError) -> (handle: EnvironmentHandle, place: DatabasePlace) {
        var size = mapSize ?? largestMapSize
        while true {
            let place = DatabasePlace(folder: folder, mapSize: size)
            do throws(StorageError) {
                return (try openOnce(place: place, mode: mode, tableCount: tableCount), place)
            } catch .system(_, _, ENOMEM) where mapSize == nil && size > smallestMapSize {
                size /= 4
            }
        }
    }

    private static func openOnce(
        place: DatabasePlace, mode: AccessMode, tableCount: Int
    ) throws(StorageError) -> EnvironmentHandle {
        var raw: OpaquePointer?
        try place.check(mdb_env_create(&raw), "create the database handle")
        guard let raw else { throw .engine(folder: place.folder, operation: "create the database handle", code: 0) }
        let handle = EnvironmentHandle(raw)
        try place.check(mdb_env_set_mapsize(raw, Int(clamping: place.mapSize)), "reserve address space")
        try place.check(mdb_env_set_maxdbs(raw, UInt32(clamping: tableCount + 4)), "set the number of tables")
        try place.check(mdb_env_set_maxreaders(raw, DatabasePlace.readerSlots), "set the number of readers")
        // Transactions belong to their scope, not to a thread; data is read at random.
        var flags = UInt32(MDB_NOTLS | MDB_NORDAHEAD)
        if mode == .readOnly { flags |= UInt32(MDB_RDONLY) }
        try place.check(mdb_env_open(raw, place.folder, flags, 0o644), "open the database")
        var dead: Int32 = 0
        try place.check(mdb_reader_check(raw, &dead), "check reader slots")
        return handle
    }

    static func begin(
        _ handle: EnvironmentHandle, _ place: DatabasePlace, flags: UInt32, operation: String
    ) throws(StorageError) -> OpaquePointer {
        var transaction: OpaquePointer?
        var code = mdb_txn_begin(handle.raw, nil, flags, &transaction)
        if code == MDB_READERS_FULL {
            var dead: Int32 = 0
            mdb_reader_check(handle.raw, &dead)
            if dead > 0 { code = mdb_txn_begin(handle.raw, nil, flags, &transaction) }
        }
        try place.check(code, operation)
        guard let transaction else { throw .engine(folder: place.folder, operation: operation, code: code) }
        return transaction
    }

    /// Opens every named table; a writer makes those that are missing.
    static func openTables(
        _ names: [String], handle: EnvironmentHandle, place: DatabasePlace, mode: AccessMode
    ) throws(StorageError) -> [MDB_dbi?] {
        let readOnly = mode == .readOnly
        let transaction = try begin(
            handle, place, flags: readOnly ? UInt32(MDB_RDONLY) : 0, operation: "begin opening tables")
        var tables: [MDB_dbi?] = []
        do throws(StorageError) {
            for name in names {
                var table: MDB_dbi = 0
                let code = mdb_dbi_open(transaction, name, readOnly ? 0 : UInt32(MDB_CREATE), &table)
                if code == MDB_NOTFOUND, readOnly {
                    tables.append(nil)
                    continue
                }
                try place.check(code, "open table \(name)")
                var flags: UInt32 = 0
                try place.check(mdb_dbi_flags(transaction, table, &flags), "read flags of table \(name)")
                guard flags == 0 else {
                    throw .foreignDatabase(folder: place.folder, detail: "table \(name) has flags \(flags), expected 0")
                }
                tables.append(table)
            }
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try place.check(mdb_txn_commit(transaction), "commit opening tables")
        return tables
    }
}

/// LMDB must not open one file twice in a process (closing either would drop the other's locks), so open files are
/// registered by device and inode.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    private static let open = Mutex<Set<FileIdentity>>([])

    /// The identity of an existing file; nil when there is none.
    init?(file: String) {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    static func isOpen(file: String) -> Bool {
        guard let identity = FileIdentity(file: file) else { return false }
        return open.withLock { $0.contains(identity) }
    }

    static func claim(file: String, folder: String) throws(StorageError) -> FileIdentity {
        guard let identity = FileIdentity(file: file) else {
            throw .fromSystem(errno, path: file, operation: "look at")
        }
        guard open.withLock({ $0.insert(identity).inserted }) else { throw .openInThisProcess(folder: folder) }
        return identity
    }

    func release() { Self.open.withLock { _ = $0.remove(self) } }
}
