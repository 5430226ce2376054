import Crypto
import PoAIModel
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes

/// A devnet on a model of a few kilobytes, so that tests mine and verify real seals in milliseconds.
struct TinyNetwork {
    let model: ScratchFile
    let spec: ChainSpec

    init(targetThousandths: Int, engine: String = "exact-1") throws {
        let bytes = TinyLlama().file()
        model = ScratchFile(bytes)
        let base = try ChainSpec.devnet(targetThousandths: targetThousandths)
        let pin = ModelPin(
            activationHeight: 0, sha256: try hash32(SHA256.hash(data: bytes)), engine: engine, name: "tiny")
        spec = try ChainSpec(
            name: "tiny", chainID: base.chainID, blockInterval: base.blockInterval,
            retargetInterval: base.retargetInterval, epochBlocks: base.epochBlocks,
            maxFutureSeconds: 7200, medianTimeBlocks: base.medianTimeBlocks,
            powLimitBits: base.powLimitBits, genesisBits: base.genesisBits, genesisTimestamp: base.genesisTimestamp,
            genesisGasLimit: base.genesisGasLimit, genesisBaseFee: base.genesisBaseFee,
            initialSubsidy: base.initialSubsidy, halvingInterval: base.halvingInterval, quiz: base.quiz,
            models: [pin], alloc: [])
    }

    func work(batchSize: Int = 4) throws -> WorkEngine {
        try WorkEngine.open(modelPath: model.path, spec: spec, threads: 1, batchSize: batchSize)
    }
}

struct NotAHash: Error {}

private func hash32(_ digest: SHA256.Digest) throws -> Hash32 {
    guard let hash = Hash32(Array(digest)) else { throw NotAHash() }
    return hash
}
