import PoAIPrimitives
import PoAIWork

/// The miner, as the methods see it.
public protocol MiningControl: Sendable {
    /// Whether it searches.
    var isMining: Bool { get }
    /// Lets it search, or rest.
    /// - Throws: when there is no miner.
    func setMining(_ mines: Bool) throws(RPCError)
    /// Tries (forward passes) per second, rounded.
    var hashrate: UInt64 { get }
    /// Who gets the subsidy.
    var coinbase: Address? { get }
    /// A block to search a nonce for.
    /// - Throws: why there is none.
    func work() throws(RPCError) -> MiningWork
    /// Hands in a find.
    /// - Returns: whether the block was taken as a new head; false for a stale, unknown or false one.
    func submit(_ work: MinedWork) throws(RPCError) -> Bool
}

/// What a miner needs to know to search.
public struct MiningWork: Hashable, Sendable {
    /// Hash over the header but its seal.
    public var sealHash: Hash32
    /// Key of the epoch.
    public var epochKey: Hash32
    /// ℓ̂ must be below it.
    public var target: UInt256
    /// Height of the block.
    public var number: UInt64

    /// Puts the parts together.
    public init(sealHash: Hash32, epochKey: Hash32, target: UInt256, number: UInt64) {
        (self.sealHash, self.epochKey, self.target, self.number) = (sealHash, epochKey, target, number)
    }
}

/// A nonce that was found.
public struct MinedWork: Hashable, Sendable {
    /// Which work it is for.
    public var sealHash: Hash32
    /// The nonce.
    public var nonce: UInt64
    /// Digest of its forward pass.
    public var digest: Hash32
    /// Loss of its forward pass, in units of 2^-16 nats.
    public var loss: UInt64

    /// Puts the parts together.
    public init(sealHash: Hash32, nonce: UInt64, digest: Hash32, loss: UInt64) {
        (self.sealHash, self.nonce, self.digest, self.loss) = (sealHash, nonce, digest, loss)
    }
}

/// Makes the quizzes of blocks: needs the model's vocabulary.
public protocol QuizSource: Sendable {
    /// The quiz of a seed by the rules and the model that hold at a height.
    /// - Throws: why it cannot be made, such as that the model of that height is not at hand.
    func quiz(seed: Hash32, height: UInt64) throws(RPCError) -> Quiz
}
