import PoAIPrimitives

/// Shape of the quizzes of a network.
public struct QuizParameters: Hashable, Sendable {
    /// Tokens in the sequence the model reads.
    public let tokenCount: Int
    /// Answer tokens whose loss counts.
    public let scoredTokens: Int

    /// Values are checked when they become part of a `ChainSpec`.
    public init(tokenCount: Int, scoredTokens: Int) {
        self.tokenCount = tokenCount
        self.scoredTokens = scoredTokens
    }
}

/// From which height which model, run by which engine, seals the chain.
public struct ModelPin: Hashable, Sendable {
    /// The first height the pin holds for.
    public let activationHeight: UInt64
    /// SHA-256 of the model file.
    public let sha256: Hash32
    /// The numeric contract, such as `exact-1`: 1 to 32 of a-z, 0-9, `-` and `.`.
    public let engine: String
    /// A label for people, 1 to 64 printable ASCII characters. Not part of the rules.
    public let name: String

    /// Values are checked when they become part of a `ChainSpec`.
    public init(activationHeight: UInt64, sha256: Hash32, engine: String, name: String) {
        self.activationHeight = activationHeight
        self.sha256 = sha256
        self.engine = engine
        self.name = name
    }
}

/// A balance in the genesis state.
public struct Allocation: Hashable, Sendable {
    /// The account.
    public let address: Address
    /// Its balance in wei, not zero.
    public let wei: UInt256

    /// Values are checked when they become part of a `ChainSpec`.
    public init(address: Address, wei: UInt256) {
        self.address = address
        self.wei = wei
    }
}
