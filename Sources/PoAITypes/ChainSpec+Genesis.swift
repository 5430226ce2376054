import PoAIPrimitives

extension ChainSpec {
    /// Keccak-256 of the RLP of every rule of the network, in the order of docs/spec/consensus.md, "Chain spec".
    ///
    /// It is the extraData of the genesis header, so networks whose rules differ never share a block. The labels `name` and
    /// `models[].name` are no rules and are left out.
    public var parametersHash: Hash32 {
        Keccak256.hash(RLP.encode(.list(parameterItems)))
    }

    private var parameterItems: [RLPItem] {
        [
            .bytes(Array("poai/parameters/1".utf8)),
            .uint(chainID), .uint(blockInterval), .uint(retargetInterval), .uint(epochBlocks),
            .uint(maxFutureSeconds), .uint(medianTimeBlocks), .uint(UInt64(powLimitBits)), .uint(UInt64(genesisBits)),
            .uint(genesisTimestamp), .uint(genesisGasLimit), .uint(genesisBaseFee), .uint(initialSubsidy),
            .uint(halvingInterval),
            .list([.uint(UInt64(clamping: quiz.tokenCount)), .uint(UInt64(clamping: quiz.scoredTokens))]),
            .list(
                models.map {
                    .list([.uint($0.activationHeight), .bytes($0.sha256.bytes), .bytes(Array($0.engine.utf8))])
                }),
            .list(alloc.map { .list([.bytes($0.address.bytes), .uint($0.wei)]) }),
        ]
    }

    /// The header at height 0, which has no parent, no miner and no seal.
    ///
    /// - Parameter stateRoot: root of the state trie that holds exactly `alloc`.
    public func genesisHeader(stateRoot: Hash32) -> BlockHeader {
        BlockHeader(
            parentHash: .zero, miner: .zero, stateRoot: stateRoot, bits: genesisBits, number: 0,
            gasLimit: genesisGasLimit, timestamp: genesisTimestamp, extraData: parametersHash.bytes,
            baseFeePerGas: genesisBaseFee)
    }
}
