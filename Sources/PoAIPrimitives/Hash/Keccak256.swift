/// Keccak-256 as Ethereum uses it: the original Keccak submission's padding, not that of SHA3-256.
public enum Keccak256 {
    /// Digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Hash32 {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// Digest of `bytes`.
    public static func hash(_ bytes: ArraySlice<UInt8>) -> Hash32 {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// Digest of the bytes of the buffer.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Hash32 {
        var hasher = Keccak256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Digest of the 32 bytes of `hash`.
    public static func hash(_ hash: Hash32) -> Hash32 {
        hash.withUnsafeBytes { self.hash($0) }
    }

    /// Digest of no bytes: the code hash of an account without code.
    public static let empty = hash([])
}
