import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// What is known of a header without its body and without a forward pass.
public enum HeaderStanding: Hashable, Sendable {
    /// The block is stored.
    case known
    /// The block, or its parent, was found invalid before; why.
    case knownInvalid(String)
    /// It obeys every rule that takes no forward pass.
    case plausible
    /// It does not, or cannot be judged yet.
    case rejected(BlockRejection)
}

extension Blockchain {
    /// Judges a header that a stranger sent: two hashes and some look-ups, nothing is stored.
    /// - Throws: `ChainError.storage`.
    public func check(header: BlockHeader) throws(ChainError) -> HeaderStanding {
        let hash = header.hash
        let now = options.clock()
        return try reader.read { (snapshot) throws(StorageError) in
            for name in [hash, header.parentHash] {
                if let reason = try ChainTables.invalid.get(name, in: snapshot) {
                    return .knownInvalid(String(decoding: reason.bytes, as: UTF8.self))
                }
            }
            if try ChainTables.headers.contains(hash, in: snapshot) { return .known }
            switch try rules.check(header, in: StoreContext(snapshot), now: now) {
            case .success: return .plausible
            case .failure(let rejection): return .rejected(rejection)
            }
        }
    }
}
