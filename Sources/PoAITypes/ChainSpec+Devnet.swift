import PoAIPrimitives

extension ChainSpec {
    /// The development network, as in `devnet.json`, with the target and the epoch length of the caller's choice.
    ///
    /// - Parameters:
    ///   - targetThousandths: 1 to 1000; how many of a thousand tries win before the first retarget.
    ///   - epochBlocks: blocks that share an epoch key.
    /// - Throws: `ChainSpecError.value` if one of them is out of range.
    public static func devnet(
        targetThousandths: Int = 25, epochBlocks: UInt64 = 20
    ) throws(ChainSpecError) -> ChainSpec {
        try ChainSpec(
            name: "devnet", chainID: 27_424, blockInterval: 5, retargetInterval: 16, epochBlocks: epochBlocks,
            maxFutureSeconds: 30, powLimitBits: 0x2100_ffff, genesisBits: 0x2100_ffff, genesisTimestamp: 1_767_225_600,
            models: [try smolLM2()]
        ).withGenesisTarget(thousandths: targetThousandths)
    }

    /// SmolLM2-135M-Instruct, Q4_1, run by the exact engine, from genesis on.
    private static func smolLM2() throws(ChainSpecError) -> ModelPin {
        let digest = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
        do throws(HexError) {
            let sha256 = try Hash32(hex: digest)
            return ModelPin(activationHeight: 0, sha256: sha256, engine: "exact-1", name: "SmolLM2-135M-Instruct-Q4_1")
        } catch {
            throw .value(key: "models[0].sha256", got: digest, expected: "64 hex digits")
        }
    }
}
