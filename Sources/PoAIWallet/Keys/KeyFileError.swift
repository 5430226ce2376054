import Foundation

/// Why a file with a key was not written or read.
public enum KeyFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of that name is there already.
    case exists(path: String)
    /// The operating system refused; `code` is its errno.
    case system(path: String, operation: String, code: Int32)
    /// The file has more than `limit` bytes.
    case tooLong(path: String, limit: Int)
    /// The file holds no private key.
    case noKey(path: String)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path): exists already and is never written over (choose another --output-dir, or move the file away)"
        case .system(let path, let operation, let code):
            "\(path): cannot \(operation) it: \(String(cString: strerror(code))) "
                + "(check the path, its owner and the free space, or choose another one)"
        case .tooLong(let path, let limit):
            "\(path): it has more than \(limit) bytes, so it is not what was asked for (check the path)"
        case .noKey(let path):
            "\(path): it holds no private key (give a file of 64 hex digits, as 'poaid generate-key --save' makes it)"
        }
    }
}
