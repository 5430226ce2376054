import PoAIPrimitives
import PoAIStorage

/// Why an operation on the chain could not be done. No fault of a block: those are `BlockFault`.
public enum ChainError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The data folder.
    case storage(StorageError)
    /// The forward passes.
    case evaluator(SealEvaluatorError)
    /// The stored genesis or spec contradicts the spec given.
    case specification(String)
    /// No canonical block at this height.
    case noBlock(height: UInt64, head: UInt64)
    /// A file of blocks.
    case file(BlockFileError)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .storage(let error): error.description
        case .evaluator(let error): error.description
        case .specification(let detail): detail
        case .noBlock(let height, let head): "there is no block \(height): the chain ends at \(head)"
        case .file(let error): error.description
        }
    }
}

/// Runs a storage operation as part of a chain operation.
func storing<R>(_ body: () throws(StorageError) -> R) throws(ChainError) -> R {
    do throws(StorageError) { return try body() } catch { throw .storage(error) }
}
