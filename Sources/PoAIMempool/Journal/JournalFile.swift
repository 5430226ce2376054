#if canImport(Glibc)
    import Glibc
#endif

/// A whole file at once.
enum JournalFile {
    /// Puts `bytes` under the name: whoever opens it finds the old content or the new, even after a crash.
    static func write(_ bytes: [UInt8], to path: String) throws(JournalError) {
        let partial = path + ".part"
        do throws(JournalError) {
            try writeNew(bytes, to: partial)
            guard rename(partial, path) == 0 else { throw .system(path: path, operation: "rename", code: errno) }
        } catch {
            unlink(partial)
            throw error
        }
        try syncFolder(of: path)
    }

    /// The content; nil if there is no such file.
    static func read(_ path: String, limit: Int) throws(JournalError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .system(path: path, operation: "open", code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(path: path, operation: "read", code: errno) }
            if got == 0 { return bytes }
            bytes += chunk[..<got]
            guard bytes.count <= limit else { throw .tooLarge(path: path, got: bytes.count, limit: limit) }
        }
    }

    private static func writeNew(_ bytes: [UInt8], to path: String) throws(JournalError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: path, operation: "create", code: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if put < 0, errno == EINTR { continue }
            guard put >= 0 else { throw .system(path: path, operation: "write", code: errno) }
            done += put
        }
        guard fsync(descriptor) == 0 else { throw .system(path: path, operation: "sync", code: errno) }
    }

    /// Makes the new name last.
    private static func syncFolder(of path: String) throws(JournalError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: folder, operation: "open", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(path: folder, operation: "sync", code: errno) }
    }
}
