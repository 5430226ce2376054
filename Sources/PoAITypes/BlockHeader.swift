import PoAIPrimitives

/// A block header (docs/spec/consensus.md, "Header"): 17 fields, in Ethereum's order where Ethereum has the field.
///
/// A value of this type is only well formed. Whether it obeys the rules of a chain is decided by `HeaderRules` of
/// PoAIConsensus.
public struct BlockHeader: Hashable, Sendable {
    /// Most bytes that `extraData` may hold on the wire.
    public static let maxExtraDataCount = 32

    /// Hash of the parent's header; zero in the genesis header.
    public var parentHash: Hash32
    /// Hash of the uncle list, which is always empty: `EmptyRoots.uncles`.
    public var unclesHash: Hash32
    /// The account that receives the subsidy and the fees.
    public var miner: Address
    /// Root of the state trie after this block.
    public var stateRoot: Hash32
    /// Root of the trie of the block's transactions.
    public var transactionsRoot: Hash32
    /// Root of the trie of the block's receipts.
    public var receiptsRoot: Hash32
    /// Bloom filter over the block's logs.
    public var logsBloom: LogsBloom
    /// The target T in Bitcoin's compact form; stands where Ethereum has the difficulty.
    public var bits: UInt32
    /// Height: 0 for genesis.
    public var number: UInt64
    /// Most gas the block's transactions may use.
    public var gasLimit: UInt64
    /// Gas the block's transactions used.
    public var gasUsed: UInt64
    /// Seconds since 1970-01-01 00:00 UTC, as the miner claims.
    public var timestamp: UInt64
    /// Up to 32 bytes of the miner's choice; in the genesis header the hash of the chain's parameters.
    public var extraData: [UInt8]
    /// Digest of the forward pass that sealed the block.
    public var mixHash: Hash32
    /// The number the miner varied; 8 bytes, big-endian, on the wire.
    public var nonce: UInt64
    /// Price of gas that is burnt, in wei.
    public var baseFeePerGas: UInt256
    /// Sum of the losses over the scored tokens of the quiz, in units of 2^-16 nats.
    public var loss: UInt64

    /// Makes a header from its fields. Defaults are those of a block without transactions and without a seal.
    public init(
        parentHash: Hash32, unclesHash: Hash32 = EmptyRoots.uncles, miner: Address, stateRoot: Hash32,
        transactionsRoot: Hash32 = EmptyRoots.trie, receiptsRoot: Hash32 = EmptyRoots.trie,
        logsBloom: LogsBloom = .zero, bits: UInt32, number: UInt64, gasLimit: UInt64, gasUsed: UInt64 = 0,
        timestamp: UInt64, extraData: [UInt8] = [], mixHash: Hash32 = .zero, nonce: UInt64 = 0,
        baseFeePerGas: UInt256, loss: UInt64 = 0
    ) {
        self.parentHash = parentHash
        self.unclesHash = unclesHash
        self.miner = miner
        self.stateRoot = stateRoot
        self.transactionsRoot = transactionsRoot
        self.receiptsRoot = receiptsRoot
        self.logsBloom = logsBloom
        self.bits = bits
        self.number = number
        self.gasLimit = gasLimit
        self.gasUsed = gasUsed
        self.timestamp = timestamp
        self.extraData = extraData
        self.mixHash = mixHash
        self.nonce = nonce
        self.baseFeePerGas = baseFeePerGas
        self.loss = loss
    }
}
