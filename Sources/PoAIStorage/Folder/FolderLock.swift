#if canImport(Glibc)
    import Glibc
#endif

/// The right to write in a data folder: an advisory lock on `node.lock`, which also says who holds it. The system frees
/// it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock without waiting.
    /// - Throws: `.folderInUse` with the holder's process number when another one has it.
    init(folder: String) throws(StorageError) {
        let path = folder + "/node.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .fromSystem(errno, path: path, operation: "open") }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            defer { close(descriptor) }
            guard code == EWOULDBLOCK else { throw .fromSystem(code, path: path, operation: "lock") }
            throw .folderInUse(folder: folder, pid: Self.holder(descriptor))
        }
        let text = Array("\(getpid())\n".utf8)
        // The number is for messages only: a disk too full to hold it does not matter here.
        _ = ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        self.descriptor = descriptor
    }

    deinit {
        // Unlocking frees it even while a process being started still shares the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}

/// Makes a folder and those above it.
func makeFolder(_ path: String) throws(StorageError) {
    if mkdir(path, 0o755) == 0 { return }
    switch errno {
    case EEXIST:
        var status = stat()
        guard stat(path, &status) == 0 else { throw .fromSystem(errno, path: path, operation: "look at") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .fromSystem(ENOTDIR, path: path, operation: "use as a folder")
        }
    case ENOENT:
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
            throw .fromSystem(ENOENT, path: path, operation: "make the folder")
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .fromSystem(errno, path: path, operation: "make the folder")
        }
    default: throw .fromSystem(errno, path: path, operation: "make the folder")
    }
}
