import PoAIPrimitives

/// The key that all quizzes of an epoch depend on (docs/spec/consensus.md, "Epoch key").
public enum EpochKey {
    /// Which epoch a height falls into.
    public static func index(of number: UInt64, epochBlocks: UInt64) -> UInt64 {
        number / epochBlocks
    }

    /// Height of the block whose hash seeds the epoch: the last of the epoch before, and genesis for epoch 0.
    public static func seedHeight(of index: UInt64, epochBlocks: UInt64) -> UInt64 {
        index == 0 ? 0 : index &* epochBlocks &- 1
    }

    /// Keccak-256 of seed ‖ index as 8 bytes big-endian.
    public static func key(seed: Hash32, index: UInt64) -> Hash32 {
        var hasher = Keccak256Hasher()
        hasher.update(seed)
        withUnsafeBytes(of: index.bigEndian) { hasher.update($0) }
        return hasher.finalize()
    }
}
