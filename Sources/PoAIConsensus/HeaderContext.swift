import PoAIPrimitives
import PoAITypes

/// Where the rules look up headers that came before: a database, or a dictionary in a test.
public protocol HeaderContext {
    /// A fault of the store itself; `Never` in memory.
    associatedtype Failure: Error

    /// The header whose hash is `hash`, nil if it is not known.
    func header(_ hash: Hash32) throws(Failure) -> BlockHeader?

    /// The header at height `number` on the branch that ends with `tip`, a known header; `tip` itself at its own height.
    ///
    /// The default walks from parent to parent. A store with an index by height should answer from it as soon as the walk
    /// meets the indexed chain.
    ///
    /// - Returns: nil if `number` is above the tip or a header on the way is not known.
    func ancestor(of tip: BlockHeader, at number: UInt64) throws(Failure) -> BlockHeader?
}

extension HeaderContext {
    /// Walks from parent to parent.
    public func ancestor(of tip: BlockHeader, at number: UInt64) throws(Failure) -> BlockHeader? {
        var current = tip
        while current.number > number {
            guard let parent = try header(current.parentHash), parent.number == current.number - 1 else { return nil }
            current = parent
        }
        return current.number == number ? current : nil
    }
}
