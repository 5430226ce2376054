import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// The stored headers, as the rules look them up.
extension ChainReader: HeaderContext {
    /// The header at height `number` on the branch that ends with `tip`, a stored header.
    public func ancestor(of tip: BlockHeader, at number: UInt64) throws(ChainError) -> BlockHeader? {
        try read { (snapshot) throws(StorageError) in try StoreContext(snapshot).ancestor(of: tip, at: number) }
    }
}
