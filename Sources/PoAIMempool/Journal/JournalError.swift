#if canImport(Glibc)
    import Glibc
#endif

/// Why a pool's file cannot be written or read.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refuses; `code` is errno.
    case system(path: String, operation: String, code: Int32)
    /// More bytes than a pool of this node can have written.
    case tooLarge(path: String, got: Int, limit: Int)

    /// One line.
    public var description: String {
        switch self {
        case .system(let path, let operation, let code):
            "mempool: cannot \(operation) \(path): \(String(cString: strerror(code)))"
        case .tooLarge(let path, let got, let limit):
            "mempool: \(path) has \(got) bytes, at most \(limit) are read; remove the file or raise the pool's limit"
        }
    }
}
