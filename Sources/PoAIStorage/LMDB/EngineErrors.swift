import CLMDB

#if canImport(Glibc)
    import Glibc
#endif

/// The text of an errno value.
package func errorText(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The text of an LMDB return code, which may also be an errno value.
func engineText(_ code: Int32) -> String {
    guard let text = mdb_strerror(code) else { return "error \(code)" }
    return String(cString: text)
}

extension StorageError {
    /// True for errno values that say there is no room left: device, file size limit or quota.
    static func isNoSpace(_ code: Int32) -> Bool {
        code == ENOSPC || code == EFBIG || code == EDQUOT
    }

    /// The error for an errno value got while doing `operation` to `path`.
    package static func fromSystem(_ code: Int32, path: String, operation: String) -> StorageError {
        switch code {
        case _ where isNoSpace(code): .diskFull(folder: path, operation: operation, code: code)
        case EACCES, EPERM, EROFS: .permissionDenied(path: path, operation: operation)
        default: .system(path: path, operation: operation, code: code)
        }
    }

    /// The error for an LMDB return code got while doing `operation` on the database at `place`.
    static func fromEngine(_ code: Int32, at place: DatabasePlace, operation: String) -> StorageError {
        switch code {
        case MDB_MAP_FULL: .mapFull(folder: place.folder, limit: place.mapSize)
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL:
            .damaged(file: place.file, detail: "\(operation): \(engineText(code))")
        case MDB_INVALID, MDB_VERSION_MISMATCH: .notADatabase(file: place.file, detail: engineText(code))
        case MDB_READERS_FULL: .readersFull(folder: place.folder, slots: DatabasePlace.readerSlots)
        case MDB_NOTFOUND, MDB_INCOMPATIBLE, MDB_BAD_DBI:
            .foreignDatabase(folder: place.folder, detail: "\(operation): \(engineText(code))")
        case _ where code > 0: fromSystem(code, path: place.folder, operation: operation)
        default: .engine(folder: place.folder, operation: operation, code: code)
        }
    }
}

/// Where a database lives and how large it may grow; for error messages.
struct DatabasePlace: Sendable {
    /// Reader slots asked for: transactions reading at one moment over all processes.
    static let readerSlots: UInt32 = 510

    let folder: String
    let mapSize: UInt64
    var file: String { Self.dataFile(in: folder) }

    /// Why the file cannot grow by 1 MiB, nil if it can. LMDB answers a write cut short by a full disk with EIO; this finds
    /// the system's own reason.
    func growthError() -> Int32? {
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let code = posix_fallocate(descriptor, status.st_size, 1 << 20)
        _ = ftruncate(descriptor, status.st_size)
        return StorageError.isNoSpace(code) ? code : nil
    }

    static func dataFile(in folder: String) -> String { folder + "/data.mdb" }
}
