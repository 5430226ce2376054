import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Why a file of blocks could not be read or written. Blocks before the place named were taken in and stay.
public enum BlockFileError: Error, Equatable, Sendable {
    /// The operating system's errno value.
    case system(path: String, operation: String, code: Int32)
    /// The bytes at `offset` are no block; `after` is the number of the block before.
    case notABlock(path: String, offset: UInt64, after: UInt64?, detail: String)
    /// The file ends within a block.
    case truncated(path: String, offset: UInt64, after: UInt64?, missing: Int?)
    /// A block larger than any can be.
    case tooLarge(path: String, offset: UInt64, bytes: Int, limit: Int)
    /// A block that the chain refuses.
    case refused(path: String, offset: UInt64, number: UInt64, reason: String)
    /// The file holds no block.
    case empty(path: String)
    /// Writing in place of an existing file was not asked for.
    case exists(path: String)
}

extension BlockFileError: CustomStringConvertible {
    /// One line: file, block number, byte offset, what is wrong, the way out.
    public var description: String {
        switch self {
        case .system(let path, let operation, let code):
            "cannot \(operation) \(path): \(errorText(code)): check path, rights and free space"
        case .notABlock(let path, let offset, let after, let detail):
            "\(path): no block at byte \(offset)\(Self.place(after)): \(detail): get the file again"
        case .truncated(let path, let offset, let after, let missing):
            "\(path): the file ends within the block at byte \(offset)\(Self.place(after))"
                + "\(missing.map { ", \($0) bytes are missing" } ?? ""): get the file again"
        case .tooLarge(let path, let offset, let bytes, let limit):
            "\(path): a block of \(bytes) bytes at byte \(offset), at most \(limit) are possible: get the file again"
        case .refused(let path, let offset, let number, let reason):
            "\(path): block \(number) at byte \(offset) was refused: \(reason): get the file from elsewhere"
        case .empty(let path): "\(path): the file holds no block: get the file again"
        case .exists(let path): "\(path) exists already: choose another name or move it away"
        }
    }

    private static func place(_ after: UInt64?) -> String { after.map { ", after block \($0)" } ?? "" }
}
