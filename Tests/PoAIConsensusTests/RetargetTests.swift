import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Retarget")
struct RetargetTests {
    @Test("New targets equal those of an independent implementation")
    func vectors() {
        for (bits, elapsed, intervals, block, limit, expected) in ConsensusVectors.retargets {
            let first: UInt64 = 1_000_000
            let next = Retarget.nextBits(
                bits: bits, first: first, last: first + elapsed, intervals: intervals, blockInterval: block,
                powLimitBits: limit)
            #expect(next == expected, "\(bits) after \(elapsed) s")
        }
    }

    /// The cases of Bitcoin Core's `src/test/pow_tests.cpp`: 2016 times 600 s between the two timestamps.
    @Test(
        "Bitcoin's own cases",
        arguments: [
            (0x1d00_ffff, 1_261_130_161, 1_262_152_739, 0x1d00_d86a),
            (0x1d00_ffff, 1_231_006_505, 1_233_061_996, 0x1d00_ffff),
            (0x1c05_a3f4, 1_279_008_237, 1_279_297_671, 0x1c01_68fd),
            (0x1c38_7f6f, 1_263_163_443, 1_269_211_443, 0x1d00_e1fd),
        ] as [(UInt32, UInt64, UInt64, UInt32)])
    func bitcoin(bits: UInt32, first: UInt64, last: UInt64, expected: UInt32) {
        let next = Retarget.nextBits(
            bits: bits, first: first, last: last, intervals: 2016, blockInterval: 600, powLimitBits: 0x1d00_ffff)
        #expect(next == expected)
    }

    @Test("Time that runs backwards counts as a quarter; no interval changes nothing")
    func degenerate() {
        func next(_ first: UInt64, _ last: UInt64, _ intervals: UInt64) -> UInt32 {
            Retarget.nextBits(
                bits: 0x1f04_0000, first: first, last: last, intervals: intervals, blockInterval: 600,
                powLimitBits: 0x2000_ffff)
        }
        #expect(next(100, 50, 2016) == 0x1f01_0000)
        #expect(next(.max, 0, 2016) == 0x1f01_0000)
        #expect(next(0, .max, 2016) == 0x1f10_0000)
        #expect(next(0, 1_000_000, 0) == 0x1f04_0000)
    }

    @Test("Windows overlap by one block and leave genesis out")
    func windows() {
        let heights: [UInt64] = [0, 1, 15, 16, 17, 31, 32, 48]
        #expect(heights.filter { Retarget.isDue(at: $0, interval: 16) } == [16, 32, 48])
        #expect(Retarget.window(at: 16, interval: 16) == (1, 15))
        #expect(Retarget.window(at: 32, interval: 16) == (15, 31))
        #expect(Retarget.window(at: 48, interval: 16) == (31, 47))
        #expect(Retarget.window(at: 1, interval: 1) == (1, 0))
        #expect(Retarget.window(at: 2, interval: 1) == (1, 1))
        #expect(Retarget.window(at: 3, interval: 1) == (1, 2))
        #expect(Retarget.window(at: 2, interval: 2) == (1, 1))
    }

    @Test("On a chain the target changes at multiples of the interval only, by the times in its window")
    func onChain() throws {
        var chain = MemoryChain(try ChainSpec.devnet())
        for number: UInt64 in 1...70 {
            let expected = try chain.expectations()
            if number % 16 == 0 {
                // Genesis lies far in the past: were it used, the first window would give an easier target.
                let intervals: UInt64 = number == 16 ? 14 : 16
                let next = Retarget.nextBits(
                    bits: chain.tip.bits, first: 0, last: intervals * 4, intervals: intervals, blockInterval: 5,
                    powLimitBits: 0x2100_ffff)
                #expect(expected.bits == next && expected.bits != chain.tip.bits)
            } else {
                #expect(expected.bits == chain.tip.bits)
            }
            let timestamp = number == 1 ? chain.tip.timestamp + 1_000_000 : chain.tip.timestamp + 4
            chain.append(try chain.template(timestamp: timestamp))
        }
    }

    @Test("Tiny intervals measure nothing at first and do not trap", arguments: [1, 2, 3] as [UInt64])
    func tinyIntervals(interval: UInt64) throws {
        let spec = try ChainSpec(
            name: "tiny", chainID: 1, blockInterval: 1, retargetInterval: interval, epochBlocks: 1,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2006_6666, genesisTimestamp: 1,
            models: ChainSpec.devnet().models)
        var chain = MemoryChain(spec)
        try chain.extend(to: 2, spacing: 1000)
        #expect(chain.tip.bits == 0x2006_6666)
        try chain.extend(to: 40, spacing: 1000)
        #expect(chain.tip.bits == 0x2100_ffff)
    }
}
