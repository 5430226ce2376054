import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Subsidy")
struct SubsidyTests {
    @Test(
        "Eras begin with block 1 and last 210000 blocks",
        arguments: [
            (0, 0), (1, 5_000_000_000_000_000_000), (210_000, 5_000_000_000_000_000_000),
            (210_001, 2_500_000_000_000_000_000), (420_000, 2_500_000_000_000_000_000),
            (420_001, 1_250_000_000_000_000_000), (62 * 210_000, 2), (62 * 210_000 + 1, 1), (63 * 210_000, 1),
            (63 * 210_000 + 1, 0), (64 * 210_000 + 1, 0), (.max, 0),
        ] as [(UInt64, UInt64)])
    func table(number: UInt64, wei: UInt64) throws {
        #expect(Subsidy.wei(at: number, spec: try ChainSpec.devnet()) == UInt256(wei))
    }

    @Test("All that is ever mined is exactly the published supply, a little less than 2.1 million coins")
    func total() throws {
        let spec = try ChainSpec.devnet()
        var total = UInt256.zero
        for era: UInt64 in 0..<70 {
            let first = Subsidy.wei(at: era * spec.halvingInterval + 1, spec: spec)
            #expect(Subsidy.wei(at: (era + 1) * spec.halvingInterval, spec: spec) == first)
            total = total &+ first &* UInt256(spec.halvingInterval)
        }
        #expect(total.description == ConsensusVectors.totalSupply)
        #expect(total < UInt256(2_100_000) &* UInt256(1_000_000_000_000_000_000))
    }

    @Test("Sixty-four halvings end even a subsidy that shifts would not")
    func hugeSubsidy() throws {
        let spec = try ChainSpec(
            name: "huge", chainID: 1, blockInterval: 5, retargetInterval: 16, epochBlocks: 20,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2100_ffff, genesisTimestamp: 1,
            initialSubsidy: UInt256.one << 200, halvingInterval: 10, models: ChainSpec.devnet().models)
        #expect(Subsidy.wei(at: 640, spec: spec) == UInt256.one << 137)
        #expect(Subsidy.wei(at: 641, spec: spec) == .zero)
        #expect(Subsidy.wei(at: .max, spec: spec) == .zero)
    }
}
