import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A chain spec as the database keeps it, so that commands need only the data folder: RLP of all its fields, labels
/// included, in the order of `ChainSpec.init`.
enum StoredSpec {
    static func encode(_ spec: ChainSpec) -> [UInt8] {
        RLP.encode(
            .list([
                text(spec.name), .uint(spec.chainID), .uint(spec.blockInterval), .uint(spec.retargetInterval),
                .uint(spec.epochBlocks), .uint(spec.maxFutureSeconds), .uint(spec.medianTimeBlocks),
                .uint(UInt64(spec.powLimitBits)), .uint(UInt64(spec.genesisBits)), .uint(spec.genesisTimestamp),
                .uint(spec.genesisGasLimit), .uint(spec.genesisBaseFee), .uint(spec.initialSubsidy),
                .uint(spec.halvingInterval), .uint(UInt64(clamping: spec.quiz.tokenCount)),
                .uint(UInt64(clamping: spec.quiz.scoredTokens)),
                .list(
                    spec.models.map {
                        .list([.uint($0.activationHeight), .hash($0.sha256), text($0.engine), text($0.name)])
                    }),
                .list(spec.alloc.map { .list([.address($0.address), .uint($0.wei)]) }),
            ]))
    }

    /// The spec that `bytes` encode; nil when they do not.
    static func decode(_ bytes: [UInt8]) -> ChainSpec? {
        do {
            let fields = try RLP.decode(bytes).list(count: 18)
            guard let powLimitBits = UInt32(exactly: try fields[7].uint64()),
                let genesisBits = UInt32(exactly: try fields[8].uint64()),
                let tokenCount = Int(exactly: try fields[14].uint64()),
                let scoredTokens = Int(exactly: try fields[15].uint64())
            else { return nil }
            return try ChainSpec(
                name: try string(fields[0]), chainID: try fields[1].uint64(), blockInterval: try fields[2].uint64(),
                retargetInterval: try fields[3].uint64(), epochBlocks: try fields[4].uint64(),
                maxFutureSeconds: try fields[5].uint64(), medianTimeBlocks: try fields[6].uint64(),
                powLimitBits: powLimitBits, genesisBits: genesisBits, genesisTimestamp: try fields[9].uint64(),
                genesisGasLimit: try fields[10].uint64(), genesisBaseFee: try fields[11].uint256(),
                initialSubsidy: try fields[12].uint256(), halvingInterval: try fields[13].uint64(),
                quiz: QuizParameters(tokenCount: tokenCount, scoredTokens: scoredTokens),
                models: try fields[16].list().map(model), alloc: try fields[17].list().map(allocation))
        } catch {
            return nil
        }
    }

    private static func text(_ value: String) -> RLPItem { .bytes(Array(value.utf8)) }

    private static func string(_ item: RLPItem) throws(RLPError) -> String {
        String(decoding: try item.data(), as: UTF8.self)
    }

    private static func model(_ item: RLPItem) throws -> ModelPin {
        let parts = try item.list(count: 4)
        return ModelPin(
            activationHeight: try parts[0].uint64(), sha256: try parts[1].hash32(), engine: try string(parts[2]),
            name: try string(parts[3]))
    }

    private static func allocation(_ item: RLPItem) throws -> Allocation {
        let parts = try item.list(count: 2)
        return Allocation(address: try parts[0].address(), wei: try parts[1].uint256())
    }
}
