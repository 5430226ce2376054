import PoAIPrimitives

/// The rules and the beginning of one network (docs/spec/consensus.md, "Chain spec"): data, not code.
///
/// Every value of this type passed the range checks of the specification, so code that uses it may divide by its intervals
/// and multiply its limits without overflow.
public struct ChainSpec: Hashable, Sendable {
    /// A label for people: 1 to 32 of a-z, 0-9 and `-`. Not part of the rules.
    public let name: String
    /// EIP-155 chain id.
    public let chainID: UInt64
    /// Seconds between blocks that the retarget aims at.
    public let blockInterval: UInt64
    /// Blocks from one change of the target to the next.
    public let retargetInterval: UInt64
    /// Blocks that share an epoch key.
    public private(set) var epochBlocks: UInt64
    /// How many seconds a timestamp may be ahead of a node's clock.
    public let maxFutureSeconds: UInt64
    /// How many headers the median time past looks at; odd.
    public let medianTimeBlocks: UInt64
    /// The easiest target allowed, compact.
    public let powLimitBits: UInt32
    /// The target until the first retarget, compact.
    public private(set) var genesisBits: UInt32
    /// Timestamp of the genesis header, in seconds since 1970. Not used by the retarget.
    public let genesisTimestamp: UInt64
    /// Gas limit of the genesis header and, while there are no transactions, of every other.
    public let genesisGasLimit: UInt64
    /// Base fee of the genesis header in wei and, while there are no transactions, of every other.
    public let genesisBaseFee: UInt256
    /// Wei that the miner of block 1 receives.
    public let initialSubsidy: UInt256
    /// Blocks from one halving of the subsidy to the next.
    public let halvingInterval: UInt64
    /// Shape of the quizzes.
    public let quiz: QuizParameters
    /// The models that seal the chain, in ascending order of activation; the first from height 0.
    public let models: [ModelPin]
    /// Balances in the genesis state, strictly ascending by address, none zero.
    public private(set) var alloc: [Allocation]

    /// Makes a spec and checks it.
    ///
    /// - Throws: `ChainSpecError.value` naming the first key that is out of its range.
    public init(
        name: String, chainID: UInt64, blockInterval: UInt64, retargetInterval: UInt64, epochBlocks: UInt64,
        maxFutureSeconds: UInt64 = 7200, medianTimeBlocks: UInt64 = 11, powLimitBits: UInt32, genesisBits: UInt32,
        genesisTimestamp: UInt64, genesisGasLimit: UInt64 = 30_000_000,
        genesisBaseFee: UInt256 = UInt256(1_000_000_000), initialSubsidy: UInt256 = UInt256(5_000_000_000_000_000_000),
        halvingInterval: UInt64 = 210_000, quiz: QuizParameters = QuizParameters(tokenCount: 64, scoredTokens: 8),
        models: [ModelPin], alloc: [Allocation] = []
    ) throws(ChainSpecError) {
        self.name = name
        self.chainID = chainID
        self.blockInterval = blockInterval
        self.retargetInterval = retargetInterval
        self.epochBlocks = epochBlocks
        self.maxFutureSeconds = maxFutureSeconds
        self.medianTimeBlocks = medianTimeBlocks
        self.powLimitBits = powLimitBits
        self.genesisBits = genesisBits
        self.genesisTimestamp = genesisTimestamp
        self.genesisGasLimit = genesisGasLimit
        self.genesisBaseFee = genesisBaseFee
        self.initialSubsidy = initialSubsidy
        self.halvingInterval = halvingInterval
        self.quiz = quiz
        self.models = models
        self.alloc = alloc
        try validate()
    }

    /// The same network begun with another target: `thousandths` / 1000 of the hash space, so 500 means that every second
    /// try wins. Rounded down to compact form and capped at the easiest target the network allows.
    ///
    /// - Throws: `ChainSpecError.value` unless `thousandths` is 1 to 1000.
    public func withGenesisTarget(thousandths: Int) throws(ChainSpecError) -> ChainSpec {
        guard (1...1000).contains(thousandths), let limit = CompactTarget.target(powLimitBits) else {
            throw .value(key: "target", got: "\(thousandths)", expected: "a whole number from 1 to 1000")
        }
        // floor(thousandths * 2^256 / 1000); for 1000 the quotient needs 257 bits and the cap applies.
        let share = UInt256(1000).dividingFullWidth((high: UInt256(UInt64(thousandths)), low: .zero))?.quotient
        var copy = self
        copy.genesisBits = CompactTarget.encode(min(share ?? .max, limit))
        try copy.validate()
        return copy
    }

    /// The same network with another epoch length.
    ///
    /// - Throws: `ChainSpecError.value` if the length is out of range.
    public func withEpochBlocks(_ count: UInt64) throws(ChainSpecError) -> ChainSpec {
        var copy = self
        copy.epochBlocks = count
        try copy.validate()
        return copy
    }

    /// The same network with other balances in its genesis state.
    ///
    /// - Throws: `ChainSpecError.value` unless they are strictly ascending by address and none is zero.
    public func withAllocations(_ alloc: [Allocation]) throws(ChainSpecError) -> ChainSpec {
        var copy = self
        copy.alloc = alloc
        try copy.validate()
        return copy
    }

    /// The model that seals the block at `height`: the pin with the highest activation height not above it.
    public func model(at height: UInt64) -> ModelPin {
        // The list is never empty and begins at height 0: `validate` saw to it.
        models.last { $0.activationHeight <= height } ?? models[0]
    }
}
