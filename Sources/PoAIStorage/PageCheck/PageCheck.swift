import CLMDB

#if canImport(Glibc)
    import Glibc
#endif

/// Reads a database file's pages by ordinary reads and checks their structure, before LMDB walks them through its memory
/// map: LMDB trusts what it maps, so that a changed byte or a cut file would end in SIGSEGV or SIGBUS, not in an error.
///
/// Checked: both meta pages; of every tree the page numbers, kinds, bounds, node places, key order, counts; overflow
/// pages; that no page is used twice, or both used and free, or lost. The format is LMDB 0.9's (`mdb.c`, "page header",
/// `MDB_meta`, `MDB_db`, `MDB_node`). Contents are guarded by the records' checksums, see `Table`.
public enum PageCheck {
    /// How much is looked at.
    public enum Depth: Sendable, Hashable {
        /// Meta pages only; for a file checked just before.
        case metaOnly
        /// Meta, branch and free-list pages: about a hundredth of the file.
        case branches
        /// Every page in use.
        case everything
        /// `everything` for files up to 512 MiB, `branches` above.
        case automatic
    }

    /// Largest file of which `automatic` reads every page, in bytes.
    static let automaticLimit: UInt64 = 512 << 20

    /// Checks size and meta pages before the file is mapped; false when there is no file.
    static func preflight(file: String, mapLimit: UInt64) throws(StorageError) -> Bool {
        guard let reader = try PageReader(file: file) else { return false }
        _ = try readMetas(reader, mapLimit: mapLimit)
        return true
    }

    /// Checks the pages of the last commit. Holds a read transaction meanwhile, so that a live writer does not reuse them.
    static func run(handle: EnvironmentHandle, place: DatabasePlace, depth: Depth) throws(StorageError) {
        guard let reader = try PageReader(file: place.file) else { throw .noDatabase(folder: place.folder) }
        // A writer may commit twice, and so overwrite our meta page, before it is read here; then it is tried again.
        for _ in 0..<100 {
            if try runOnce(handle, place, depth, reader) { return }
        }
        throw reader.damaged("no meta page of the last commit")
    }

    /// False when the meta page of the commit that a transaction sees is no longer there.
    private static func runOnce(
        _ handle: EnvironmentHandle, _ place: DatabasePlace, _ depth: Depth, _ reader: PageReader
    ) throws(StorageError) -> Bool {
        let transaction = try Environment.begin(
            handle, place, flags: UInt32(MDB_RDONLY), operation: "begin checking pages")
        defer { mdb_txn_abort(transaction) }
        let number = UInt64(mdb_txn_id(transaction))
        let metas = try readMetas(reader, mapLimit: place.mapSize)
        guard let meta = metas.first(where: { $0.commit == number }) else { return false }
        if depth == .metaOnly { return true }
        let size = try reader.fileSize()
        var walk = PageWalk(
            reader: reader, lastPage: meta.lastPage,
            readsLeaves: depth == .everything || (depth == .automatic && size <= automaticLimit))
        try walk.run(meta)
        return true
    }

    /// Both meta pages, checked each and against one another.
    static func readMetas(_ reader: PageReader, mapLimit: UInt64) throws(StorageError) -> [MetaPage] {
        var last: StorageError?
        for _ in 0..<10 {
            do throws(StorageError) {
                let size = try MetaPage.pageSize(reader)
                let metas = [
                    try MetaPage(reader, number: 0, pageSize: size, mapLimit: mapLimit),
                    try MetaPage(reader, number: 1, pageSize: size, mapLimit: mapLimit),
                ]
                let distance = Int64(bitPattern: metas[0].commit &- metas[1].commit)
                guard abs(distance) <= 1 else {
                    throw reader.damaged("meta pages are of commits \(metas[0].commit) and \(metas[1].commit)")
                }
                return metas
            } catch {
                last = error
            }
        }
        throw last ?? reader.damaged("meta pages cannot be read")
    }
}

/// Reads bytes of a database file at given places.
final class PageReader {
    let file: String
    private let descriptor: Int32

    /// nil when there is no such file.
    init?(file: String) throws(StorageError) {
        self.file = file
        descriptor = open(file, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw .fromSystem(errno, path: file, operation: "open")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func fileSize() throws(StorageError) -> UInt64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .fromSystem(errno, path: file, operation: "look at") }
        return UInt64(clamping: status.st_size)
    }

    /// Exactly `count` bytes from `offset`.
    func bytes(at offset: UInt64, count: Int) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
                    off_t(clamping: offset &+ UInt64(filled)))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        if failure != 0 { throw .fromSystem(failure, path: file, operation: "read") }
        guard bytes.count == count else {
            throw .truncated(file: file, size: try fileSize(), needed: offset &+ UInt64(bytes.count))
        }
        return bytes
    }

    func damaged(_ detail: String) -> StorageError { .damaged(file: file, detail: detail) }
}

extension [UInt8] {
    /// The little-endian integer at `offset`, which the caller has checked to be inside.
    func integer<I: FixedWidthInteger>(at offset: Int, as type: I.Type = I.self) -> I {
        precondition(offset >= 0 && offset + MemoryLayout<I>.size <= count)
        return withUnsafeBytes { I(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: I.self)) }
    }
}
