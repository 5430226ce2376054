import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Chain spec")
struct ChainSpecTests {
    /// A spec with some values replaced.
    private func spec(
        name: String = "test-1", chainID: UInt64 = 1, blockInterval: UInt64 = 5, retargetInterval: UInt64 = 16,
        epochBlocks: UInt64 = 20, maxFutureSeconds: UInt64 = 7200, medianTimeBlocks: UInt64 = 11,
        powLimitBits: UInt32 = 0x2100_ffff, genesisBits: UInt32 = 0x2006_6666, genesisTimestamp: UInt64 = 1,
        genesisGasLimit: UInt64 = 30_000_000, genesisBaseFee: UInt256 = .one, initialSubsidy: UInt256 = UInt256(10),
        halvingInterval: UInt64 = 100, quiz: QuizParameters = QuizParameters(tokenCount: 64, scoredTokens: 8),
        models: [ModelPin]? = nil, alloc: [Allocation] = []
    ) throws(ChainSpecError) -> ChainSpec {
        try ChainSpec(
            name: name, chainID: chainID, blockInterval: blockInterval, retargetInterval: retargetInterval,
            epochBlocks: epochBlocks, maxFutureSeconds: maxFutureSeconds, medianTimeBlocks: medianTimeBlocks,
            powLimitBits: powLimitBits, genesisBits: genesisBits, genesisTimestamp: genesisTimestamp,
            genesisGasLimit: genesisGasLimit, genesisBaseFee: genesisBaseFee, initialSubsidy: initialSubsidy,
            halvingInterval: halvingInterval, quiz: quiz, models: models ?? [pin(0)], alloc: alloc)
    }

    private func pin(_ height: UInt64, engine: String = "exact-1", name: String = "m") -> ModelPin {
        ModelPin(activationHeight: height, sha256: Keccak256.hash([UInt8(height)]), engine: engine, name: name)
    }

    private func account(_ byte: UInt8, _ wei: UInt256) -> Allocation {
        Allocation(address: Address([UInt8](repeating: byte, count: 20)) ?? .zero, wei: wei)
    }

    private func expectFault(
        _ key: String, sourceLocation: SourceLocation = #_sourceLocation, _ make: () throws -> ChainSpec
    ) {
        #expect(sourceLocation: sourceLocation) {
            _ = try make()
        } throws: { error in
            guard case .value(key, _, _) = error as? ChainSpecError else { return false }
            return "\(error)".contains("\"\(key)\"") && !"\(error)".contains("\n")
        }
    }

    @Test("Each value out of its range is refused by the name of its key")
    func ranges() throws {
        _ = try spec()
        for name in ["", "Upper", "a b", String(repeating: "a", count: 33)] {
            expectFault("name") { try spec(name: name) }
        }
        expectFault("chainID") { try spec(chainID: 0) }
        expectFault("chainID") { try spec(chainID: 4_503_599_627_370_477) }
        for value: UInt64 in [0, 86_401] { expectFault("blockInterval") { try spec(blockInterval: value) } }
        for value: UInt64 in [0, 1_000_001] { expectFault("retargetInterval") { try spec(retargetInterval: value) } }
        for value: UInt64 in [0, .max] { expectFault("epochBlocks") { try spec(epochBlocks: value) } }
        for value: UInt64 in [0, .max] { expectFault("maxFutureSeconds") { try spec(maxFutureSeconds: value) } }
        for value: UInt64 in [0, 10, 103] { expectFault("medianTimeBlocks") { try spec(medianTimeBlocks: value) } }
        for value: UInt32 in [0, 0x0300_0000, 0x2180_ffff, 0x2200_ffff, 0x0200_0001] {
            expectFault("powLimitBits") { try spec(powLimitBits: value) }
            expectFault("genesisBits") { try spec(genesisBits: value) }
        }
        expectFault("genesisBits") { try spec(powLimitBits: 0x2006_6665) }
        expectFault("genesisTimestamp") { try spec(genesisTimestamp: .max) }
        for value: UInt64 in [4999, 1 << 63] { expectFault("genesisGasLimit") { try spec(genesisGasLimit: value) } }
        for value: UInt64 in [0, .max] { expectFault("halvingInterval") { try spec(halvingInterval: value) } }
        for count in [15, 513] {
            expectFault("quiz.tokenCount") { try spec(quiz: QuizParameters(tokenCount: count, scoredTokens: 1)) }
        }
        expectFault("quiz.tokenCount") { try spec(quiz: QuizParameters(tokenCount: -1, scoredTokens: 8)) }
        for scored in [0, 9, -1] {
            expectFault("quiz.scoredTokens") { try spec(quiz: QuizParameters(tokenCount: 64, scoredTokens: scored)) }
        }
    }

    @Test("Models begin at height 0 and ascend")
    func models() throws {
        expectFault("models") { try spec(models: []) }
        expectFault("models[0].activationHeight") { try spec(models: [pin(1)]) }
        expectFault("models[1].activationHeight") { try spec(models: [pin(0), pin(0)]) }
        expectFault("models[0].engine") { try spec(models: [pin(0, engine: "Exact")]) }
        expectFault("models[0].name") { try spec(models: [pin(0, name: "two\nlines")]) }
        let good = try spec(models: [pin(0), pin(10), pin(20)])
        let heights: [UInt64] = [0, 9, 10, 19, 20, .max]
        #expect(heights.map { good.model(at: $0).activationHeight } == [0, 0, 10, 10, 20, 20])
    }

    @Test("Allocations ascend, are not empty, and the supply fits into 256 bits")
    func alloc() throws {
        _ = try spec(alloc: [account(1, .one), account(2, .one)])
        expectFault("alloc[1].address") { try spec(alloc: [account(2, .one), account(1, .one)]) }
        expectFault("alloc[1].address") { try spec(alloc: [account(2, .one), account(2, .one)]) }
        expectFault("alloc[0].wei") { try spec(alloc: [account(1, .zero)]) }
        expectFault("alloc[0].wei") { try spec(alloc: [account(1, .max)]) }
        expectFault("initialSubsidy") { try spec(initialSubsidy: .max) }
        // 2 * 100 * 10 wei are mined at most.
        _ = try spec(alloc: [account(1, UInt256.max &- UInt256(2000))])
        expectFault("alloc[0].wei") { try spec(alloc: [account(1, UInt256.max &- UInt256(1999))]) }
    }

    @Test("Every rule changes the hash of the parameters; labels do not")
    func parametersHash() throws {
        let base = try spec().parametersHash
        let changed = try [
            spec(chainID: 2), spec(blockInterval: 6), spec(retargetInterval: 17), spec(epochBlocks: 21),
            spec(maxFutureSeconds: 7201), spec(medianTimeBlocks: 13), spec(powLimitBits: 0x2100_fffe),
            spec(genesisBits: 0x2006_6667), spec(genesisTimestamp: 2), spec(genesisGasLimit: 30_000_001),
            spec(genesisBaseFee: UInt256(2)), spec(initialSubsidy: UInt256(11)), spec(halvingInterval: 101),
            spec(quiz: QuizParameters(tokenCount: 65, scoredTokens: 8)),
            spec(quiz: QuizParameters(tokenCount: 64, scoredTokens: 7)), spec(models: [pin(0, engine: "exact-2")]),
            spec(models: [pin(0), pin(7)]), spec(alloc: [account(1, .one)]), spec(alloc: [account(1, UInt256(2))]),
            spec(alloc: [account(2, .one)]),
        ].map(\.parametersHash)
        #expect(Set(changed + [base]).count == changed.count + 1)
        #expect(try spec(name: "other").parametersHash == base)
        #expect(try spec(models: [pin(0, name: "other")]).parametersHash == base)
    }

    @Test("The genesis header carries the parameters and nothing of a miner")
    func genesis() throws {
        let spec = try spec()
        let root = Keccak256.hash([9])
        let header = spec.genesisHeader(stateRoot: root)
        #expect(header.extraData == spec.parametersHash.bytes)
        #expect(header.stateRoot == root && header.number == 0 && header.parentHash == .zero && header.miner == .zero)
        #expect(header.bits == spec.genesisBits && header.timestamp == spec.genesisTimestamp)
        #expect(header.gasLimit == spec.genesisGasLimit && header.baseFeePerGas == spec.genesisBaseFee)
        #expect(header.mixHash == .zero && header.nonce == 0 && header.loss == 0 && header.gasUsed == 0)
    }

    @Test("The devnet's target in thousandths", arguments: TargetVectors.thousandths)
    func devnetTarget(count: Int, bits: UInt32) throws {
        let devnet = try ChainSpec.devnet(targetThousandths: count)
        #expect(devnet.genesisBits == bits)
        #expect(devnet.epochBlocks == 20)
    }

    @Test("The devnet refuses nonsense", arguments: [Int.min, -1, 0, 1001, Int.max])
    func devnetNonsense(count: Int) {
        expectFault("target") { try ChainSpec.devnet(targetThousandths: count) }
        expectFault("epochBlocks") { try ChainSpec.devnet(epochBlocks: 0) }
    }

    @Test("Overrides make another network")
    func overrides() throws {
        let base = try ChainSpec.devnet()
        #expect(try ChainSpec.devnet(targetThousandths: 25, epochBlocks: 20) == base)
        let other = try ChainSpec.devnet(targetThousandths: 26)
        let third = try ChainSpec.devnet(epochBlocks: 21)
        #expect(Set([base, other, third].map { $0.genesisHeader(stateRoot: EmptyRoots.trie).hash }).count == 3)
    }
}
