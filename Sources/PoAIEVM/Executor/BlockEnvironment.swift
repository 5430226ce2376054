import PoAIPrimitives

/// What code can ask about the block it runs in, and what limits it.
public struct BlockEnvironment: Hashable, Sendable {
    /// Height of the block.
    public var number: UInt64
    /// Seconds since 1970.
    public var timestamp: UInt64
    /// Who gets the tips: COINBASE.
    public var miner: Address
    /// Gas of all transactions together.
    public var gasLimit: UInt64
    /// Wei per gas that are burnt (EIP-1559).
    public var baseFee: UInt256
    /// PREVRANDAO: the header's mixHash.
    public var prevRandao: Hash32
    /// EIP-155, EIP-1344.
    public var chainID: UInt64

    /// Puts the parts together.
    public init(
        number: UInt64, timestamp: UInt64, miner: Address, gasLimit: UInt64, baseFee: UInt256, prevRandao: Hash32,
        chainID: UInt64
    ) {
        self.number = number
        self.timestamp = timestamp
        self.miner = miner
        self.gasLimit = gasLimit
        self.baseFee = baseFee
        self.prevRandao = prevRandao
        self.chainID = chainID
    }
}
