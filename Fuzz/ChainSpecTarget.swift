import PoAIPrimitives
import PoAITypes

/// Chain specs from JSON: what is accepted obeys the ranges, so that nothing derived from it traps.
enum ChainSpecTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(ChainSpecError) {
            let spec = try ChainSpec(json: input)
            require((try? ChainSpec(json: input)) == spec, "reading again gives the same")
            check(spec)
        } catch {
            requireOneLine(error)
        }
    }

    private static func check(_ spec: ChainSpec) {
        let genesis = spec.genesisHeader(stateRoot: EmptyRoots.trie)
        require(genesis.extraData == spec.parametersHash.bytes, "genesis names the parameters")
        HeaderTarget.check(genesis, encoding: genesis.rlpEncoded())
        require((try? Block(rlp: Block(header: genesis).rlpEncoded()))?.header == genesis, "genesis as a block")
        for bits in [spec.genesisBits, spec.powLimitBits] {
            require(CompactTarget.target(bits).map(CompactTarget.encode) == bits, "bits are canonical")
        }
        for height in [0, 1, UInt64.max] { require(spec.model(at: height).activationHeight <= height, "model") }
        let window = spec.retargetInterval * spec.blockInterval
        require(!window.multipliedReportingOverflow(by: 4).overflow, "four windows fit 64 bits")
        if let changed = try? spec.withGenesisTarget(thousandths: 1), changed.genesisBits != spec.genesisBits {
            require(changed.parametersHash != spec.parametersHash, "other rules have another hash")
        }
    }
}

/// Stands for the specs that the package embeds, which the sources under test mention.
enum PackageResources {
    static let mainnet_json: [UInt8] = []
    static let testnet_json: [UInt8] = []
    static let devnet_json: [UInt8] = []
}
