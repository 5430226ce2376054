import Foundation

/// Why a node's key file is not used. Never carries key material.
public enum NodeKeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operating system refused; names the call and its error.
    case system(call: String, code: Int32, path: String)
    /// Somebody else than the owner may read or write the file, or it is no regular file.
    case notPrivate(path: String)
    /// The content is no key.
    case badKey(KeyError, path: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .system(let call, let code, let path): "\(path): \(call): \(String(cString: strerror(code)))"
        case .notPrivate(let path): "\(path): has to be a regular file of this user with mode 0600 (chmod 600)"
        case .badKey(let error, let path): "\(path): \(error)"
        }
    }
}

/// The file that keeps a node's identity over restarts: the protobuf form of the private key, mode 0600.
public enum NodeKeyFile {
    /// The longest file that is read, in bytes.
    private static let maximumLength = 256

    /// Reads the key at `path`, or makes a new one there when there is no file. Two processes that make one at the same
    /// time end up with the same key, and a crash leaves a whole file or none.
    /// - Throws: `NodeKeyFileError`.
    public static func loadOrCreate(_ path: String) throws(NodeKeyFileError) -> NodeKey {
        if let key = try load(path) { return key }
        let temporary = path + ".new-" + UUID().uuidString
        defer { unlink(temporary) }
        try write(NodeKey().encoded, to: temporary)
        guard link(temporary, path) == 0 || errno == EEXIST else { throw failure("link", path) }
        try syncFolder(of: path)
        guard let key = try load(path) else { throw .system(call: "open", code: ENOENT, path: path) }
        return key
    }

    /// The key at `path`, nil when there is no file.
    /// - Throws: `NodeKeyFileError`.
    public static func load(_ path: String) throws(NodeKeyFileError) -> NodeKey? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("fstat", path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw .notPrivate(path: path)
        }
        var bytes = [UInt8](repeating: 0, count: maximumLength)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        do throws(KeyError) { return try NodeKey(encoded: Array(bytes.prefix(count))) } catch {
            throw .badKey(error, path: path)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(NodeKeyFileError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("open", path) }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else { throw failure("fchmod", path) }
        guard Foundation.write(file, bytes, bytes.count) == bytes.count else { throw failure("write", path) }
        guard fsync(file) == 0 else { throw failure("fsync", path) }
    }

    private static func syncFolder(of path: String) throws(NodeKeyFileError) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open", folder) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure("fsync", folder) }
    }

    private static func failure(_ call: String, _ path: String) -> NodeKeyFileError {
        .system(call: call, code: errno, path: path)
    }
}
