import PoAIPrimitives
import PoAIStorage

/// What a verification looked at and found.
public struct VerifyReport: Hashable, Sendable {
    /// First and last height whose blocks were checked.
    public var from: UInt64
    /// Last height whose block was checked.
    public var to: UInt64
    /// Blocks checked without a fault, genesis not counted.
    public var blocks: UInt64 = 0
    /// Lowest height whose state was executed again; above `from` when older undo records were pruned.
    public var stateFrom: UInt64
    /// Accounts in the head's state.
    public var accounts: UInt64 = 0
    /// The head.
    public var head: BlockReference
    /// The first thing found wrong, nil when all is right.
    public var failure: VerifyFailure?

    /// True when nothing is wrong.
    public var ok: Bool { failure == nil }
}

/// What a verification found wrong.
public struct VerifyFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The block's height; nil when it is no one block's fault.
    public var number: UInt64?
    /// The block's hash as indexed.
    public var hash: Hash32?
    /// What is wrong: got and expected.
    public var detail: String

    /// One line.
    public var description: String {
        (number.map { "block \($0)\(hash.map { " (\($0))" } ?? ""): " } ?? "") + detail
    }
}

/// A failure found, or an error that kept the verification from finding out.
enum VerifyStop: Error {
    case failure(VerifyFailure)
    case error(ChainError)
}

/// Runs storage operations of a verification: damage is a finding, anything else an error.
func looking<R>(_ body: () throws(StorageError) -> R) throws(VerifyStop) -> R {
    do throws(StorageError) {
        return try body()
    } catch {
        switch error {
        case .damaged, .damagedRecord, .truncated, .notADatabase:
            throw .failure(VerifyFailure(number: nil, hash: nil, detail: error.description))
        default: throw .error(.storage(error))
        }
    }
}
