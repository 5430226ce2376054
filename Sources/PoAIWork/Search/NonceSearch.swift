import PoAIPrimitives

/// The nonces to try on one block template, in order: a pure state machine, run by the miner.
///
/// Nonces start at a value of the caller's choice and count up, wrapping around; 2⁶⁴ of them are more than any template
/// will see.
public struct NonceSearch: Sendable {
    /// Key of the epoch of the block's number.
    public let epochKey: Hash32
    /// What the template's header hashes to without its seal.
    public let sealHash: Hash32
    /// Height of the block.
    public let number: UInt64
    /// ℓ̂ must be below it.
    public let target: UInt256
    /// The next nonce to try.
    public private(set) var nextNonce: UInt64

    /// A search over one template.
    public init(epochKey: Hash32, sealHash: Hash32, number: UInt64, target: UInt256, firstNonce: UInt64) {
        self.epochKey = epochKey
        self.sealHash = sealHash
        self.number = number
        self.target = target
        nextNonce = firstNonce
    }

    /// One nonce and the seed of its quiz.
    public struct Try: Hashable, Sendable {
        /// The nonce.
        public let nonce: UInt64
        /// Seed of the quiz.
        public let quizSeed: Hash32
    }

    /// Takes the next `count` nonces.
    public mutating func take(_ count: Int) -> [Try] {
        (0..<max(count, 0)).map { _ in
            defer { nextNonce &+= 1 }
            let seed = Seal.quizSeed(epochKey: epochKey, sealHash: sealHash, number: number, nonce: nextNonce)
            return Try(nonce: nextNonce, quizSeed: seed)
        }
    }
}
