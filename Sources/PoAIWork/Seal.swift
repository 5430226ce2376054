import PoAIPrimitives
import PoAITypes

/// The proof of work of a header (docs/spec/consensus.md, "Quiz seed and ℓ̂"): which quiz it is about, and what the model is
/// claimed to have computed on it.
///
/// Whether the claim is true takes a forward pass to find out. Whether it would be enough takes two hashes, `lhat`.
public struct Seal: Hashable, Sendable {
    /// The seed of the quiz.
    public let quizSeed: Hash32
    /// Sum of the losses over the scored tokens, in units of 2^-16 nats.
    public let loss: UInt64
    /// Digest of the forward pass: the header's mixHash.
    public let traceDigest: Hash32

    /// A seal from its parts, as a miner finds it.
    public init(quizSeed: Hash32, loss: UInt64, traceDigest: Hash32) {
        self.quizSeed = quizSeed
        self.loss = loss
        self.traceDigest = traceDigest
    }

    /// The seal that a header claims.
    ///
    /// - Parameter epochKey: the key of the epoch that the header's number falls into.
    public init(header: BlockHeader, epochKey: Hash32) {
        self.init(
            quizSeed: Self.quizSeed(
                epochKey: epochKey, sealHash: header.sealHash, number: header.number, nonce: header.nonce),
            loss: header.loss, traceDigest: header.mixHash)
    }

    /// The number ℓ̂ that must be below the target.
    public var lhat: UInt256 {
        Self.lhat(quizSeed: quizSeed, loss: loss, traceDigest: traceDigest)
    }

    /// Whether the work is enough: ℓ̂ < T.
    public func meets(_ target: UInt256) -> Bool {
        lhat < target
    }

    /// Seed of the quiz for one try: Keccak-256 of epochKey ‖ sealHash ‖ number ‖ nonce, both integers as 8 bytes
    /// big-endian.
    public static func quizSeed(epochKey: Hash32, sealHash: Hash32, number: UInt64, nonce: UInt64) -> Hash32 {
        withUnsafeTemporaryAllocation(byteCount: 80, alignment: 8) { buffer in
            epochKey.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[0..<32]).copyMemory(from: $0) }
            sealHash.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[32..<64]).copyMemory(from: $0) }
            buffer.storeBytes(of: number.bigEndian, toByteOffset: 64, as: UInt64.self)
            buffer.storeBytes(of: nonce.bigEndian, toByteOffset: 72, as: UInt64.self)
            return Keccak256.hash(UnsafeRawBufferPointer(buffer))
        }
    }

    /// ℓ̂: Keccak-256 of "poai/lhat/1" ‖ quizSeed ‖ loss as 8 bytes big-endian ‖ traceDigest, read as a big-endian integer.
    public static func lhat(quizSeed: Hash32, loss: UInt64, traceDigest: Hash32) -> UInt256 {
        var hasher = Keccak256Hasher()
        hasher.update(lhatDomain)
        hasher.update(quizSeed)
        withUnsafeBytes(of: loss.bigEndian) { hasher.update($0) }
        hasher.update(traceDigest)
        return UInt256(bigEndian: hasher.finalize())
    }

    private static let lhatDomain = Array("poai/lhat/1".utf8)
}
