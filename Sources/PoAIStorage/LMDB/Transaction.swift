import CLMDB

#if canImport(Glibc)
    import Glibc
#endif

/// A read transaction: one commit's state, unchanged however much is written meanwhile. Not for use outside of the
/// closure it was given to, nor from another thread.
public class Snapshot {
    let environment: Environment
    private var handle: OpaquePointer?

    init(environment: Environment, handle: OpaquePointer) {
        self.environment = environment
        self.handle = handle
    }

    /// The number of the commit this transaction sees (a reader) or will make (a writer).
    public var commitNumber: UInt64 { handle.map { UInt64(mdb_txn_id($0)) } ?? 0 }

    /// Runs `body` with another read transaction, for the calling thread, that sees in `tables` what this one sees. May be
    /// called from any thread while this transaction is open and nobody writes with it. nil, without having run `body`, when
    /// this transaction has written to one of the tables, another commit came between, or no reader is to be had.
    func withFork<R>(reading tables: [TableID], _ body: (Snapshot) -> R) -> R? {
        guard let expected = commit(of: tables) else { return nil }
        let result = try? environment.read { fork in fork.commitNumber == expected ? body(fork) : nil }
        return result ?? nil
    }

    /// The number of the commit whose content this transaction sees in these tables; nil when no commit has that.
    func commit(of tables: [TableID]) -> UInt64? { commitNumber }

    /// The key and the bytes stored under it, handed to `body` in place; nil when there are none.
    func get<R>(
        _ table: TableID, _ key: [UInt8],
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StorageError) -> R
    ) throws(StorageError) -> R? {
        let transaction = try active()
        guard let index = environment.tables[table.rawValue] else { return nil }
        var value = MDB_val()
        let code = withValue(key) { mdb_get(transaction, index, $0, &value) }
        if code == MDB_NOTFOUND { return nil }
        guard code == MDB_SUCCESS else { throw environment.error(code, "read table \(table)") }
        let stored = UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
        let result = key.withUnsafeBytes { keyBytes in
            Result { () throws(StorageError) in try body(keyBytes, stored) }
        }
        return try result.get()
    }

    /// The number of records of a table.
    func count(_ table: TableID) throws(StorageError) -> Int {
        let transaction = try active()
        guard let index = environment.tables[table.rawValue] else { return 0 }
        var statistics = MDB_stat()
        let code = mdb_stat(transaction, index, &statistics)
        guard code == MDB_SUCCESS else { throw environment.error(code, "count table \(table)") }
        return Int(statistics.ms_entries)
    }

    /// Visits records in key order (bytes, lexicographic), from the first key ≥ `start`, or in reverse from the last key
    /// ≤ `start`; nil starts at the end of the table. Stops when `body` returns false. `body` must not write.
    func scan(
        _ table: TableID, from start: [UInt8]?, reverse: Bool,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StorageError) -> Bool
    ) throws(StorageError) {
        let transaction = try active()
        guard let index = environment.tables[table.rawValue] else { return }
        var cursor: OpaquePointer?
        let opened = mdb_cursor_open(transaction, index, &cursor)
        guard opened == MDB_SUCCESS, let cursor else { throw environment.error(opened, "scan table \(table)") }
        defer { mdb_cursor_close(cursor) }

        var key = MDB_val()
        var value = MDB_val()
        var code = seek(cursor, start, reverse, &key, &value)
        while code == MDB_SUCCESS {
            let more = try body(
                UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size),
                UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
            if !more { return }
            code = mdb_cursor_get(cursor, &key, &value, reverse ? MDB_PREV : MDB_NEXT)
        }
        guard code == MDB_NOTFOUND else { throw environment.error(code, "scan table \(table)") }
    }

    private func seek(
        _ cursor: OpaquePointer, _ start: [UInt8]?, _ reverse: Bool, _ key: inout MDB_val, _ value: inout MDB_val
    ) -> Int32 {
        guard let start else { return mdb_cursor_get(cursor, &key, &value, reverse ? MDB_LAST : MDB_FIRST) }
        let code = start.withUnsafeBytes { bytes in
            key = MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
        }
        guard reverse else { return code }
        if code == MDB_NOTFOUND { return mdb_cursor_get(cursor, &key, &value, MDB_LAST) }
        let found = UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
        if code == MDB_SUCCESS, !found.elementsEqual(start) { return mdb_cursor_get(cursor, &key, &value, MDB_PREV) }
        return code
    }

    func active() throws(StorageError) -> OpaquePointer {
        guard let handle else { throw .misuse("a transaction was used after its scope") }
        return handle
    }

    func finish() -> OpaquePointer? {
        defer { handle = nil }
        return handle
    }

    func abort() {
        if let handle = finish() { mdb_txn_abort(handle) }
    }
}

/// The one write transaction: reads see its own writes. Everything it wrote is stored together or not at all.
public final class WriteTransaction: Snapshot {
    /// Bit of `TableID.rawValue`: something was put there, or removed.
    private var written: UInt64 = 0

    /// A write transaction sees the commit before its own, as long as it wrote nothing there.
    override func commit(of tables: [TableID]) -> UInt64? {
        tables.contains { written & 1 << UInt64($0.rawValue) != 0 } ? nil : commitNumber - 1
    }

    func put(_ table: TableID, _ key: [UInt8], _ value: [UInt8]) throws(StorageError) {
        let (transaction, index) = try target(table)
        let code = withValue(key) { key in
            withValue(value) { mdb_put(transaction, index, key, $0, 0) }
        }
        guard code == MDB_SUCCESS else { throw environment.error(code, "write table \(table)") }
    }

    /// Returns false when there was no such key.
    @discardableResult
    func delete(_ table: TableID, _ key: [UInt8]) throws(StorageError) -> Bool {
        let (transaction, index) = try target(table)
        let code = withValue(key) { mdb_del(transaction, index, $0, nil) }
        if code == MDB_NOTFOUND { return false }
        guard code == MDB_SUCCESS else { throw environment.error(code, "delete from table \(table)") }
        return true
    }

    func commit() throws(StorageError) {
        guard let handle = finish() else { throw .misuse("a transaction was committed after its scope") }
        let code = mdb_txn_commit(handle)
        guard code == MDB_SUCCESS else {
            let exact = code == EIO ? environment.place.growthError() ?? code : code
            throw environment.error(exact, "commit")
        }
    }

    private func target(_ table: TableID) throws(StorageError) -> (OpaquePointer, MDB_dbi) {
        let transaction = try active()
        guard let index = environment.tables[table.rawValue] else {
            throw .misuse("table \(table) is not open for writing")
        }
        written |= 1 << UInt64(table.rawValue)
        return (transaction, index)
    }
}

/// Calls `body` with an LMDB view of `bytes`; the view must not outlive the call.
private func withValue<R>(_ bytes: [UInt8], _ body: (UnsafeMutablePointer<MDB_val>) -> R) -> R {
    bytes.withUnsafeBytes { buffer in
        var value = MDB_val(mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        return body(&value)
    }
}

extension Snapshot {
    /// The database file, for messages.
    public var file: String { environment.place.file }
}
