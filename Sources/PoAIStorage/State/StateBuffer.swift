import PoAIEVM
import PoAIPrimitives
import PoAITrie

/// The head's state while blocks are added within one write transaction: what they change is gathered in memory and goes to
/// the tables in one go, so that a node near the root is written once for many blocks. Not for use from several threads.
///
/// Whoever reads the tables themselves, or commits, calls `flush` before.
public final class StateBuffer {
    private let transaction: WriteTransaction
    private let byteLimit: Int
    private var overlay: StateOverlay<StoredState>
    /// A first change is kept as it is: if no other follows, nobody reads it, and it is written in its own order.
    private var only: StateChange?
    private var isEmpty = true

    /// Bytes gathered, roughly, before they are written.
    public static let defaultByteLimit = 256 << 20

    /// Begins with the state that `transaction` sees.
    public init(_ transaction: WriteTransaction, byteLimit: Int = StateBuffer.defaultByteLimit) {
        (self.transaction, self.byteLimit) = (transaction, byteLimit)
        overlay = StateOverlay(on: StoredState(transaction))
    }

    /// The state with all changes. Valid until the next change.
    public var state: StateOverlay<StoredState> {
        if let only {
            overlay.apply(only)
            self.only = nil
        }
        return overlay
    }

    /// Makes a change.
    /// - Throws: `StorageError` when it is time to write and that fails.
    public func apply(_ change: StateChange) throws(StorageError) {
        if isEmpty { only = change } else { state.apply(change) }
        isEmpty = false
        if overlay.approximateByteCount > byteLimit { try flush() }
    }

    /// Writes what was gathered to the tables.
    public func flush() throws(StorageError) {
        if isEmpty { return }
        try ChainTables.apply(only ?? overlay.change, in: transaction)
        only = nil
        overlay = StateOverlay(on: StoredState(transaction))
        isEmpty = true
    }
}
