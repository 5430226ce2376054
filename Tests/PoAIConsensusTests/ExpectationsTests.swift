import PoAIConsensus
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Epoch keys and median time")
struct ExpectationsTests {
    @Test("Epoch keys equal those of an independent implementation")
    func epochKeyVectors() throws {
        for (seed, index, key) in ConsensusVectors.epochKeys {
            #expect(EpochKey.key(seed: try Hash32(hex: seed), index: index).hex == key)
        }
    }

    @Test("Heights, epochs and the blocks that seed them")
    func epochHeights() {
        let numbers: [UInt64] = [0, 1, 19, 20, 39, 40]
        #expect(numbers.map { EpochKey.index(of: $0, epochBlocks: 20) } == [0, 0, 0, 1, 1, 2])
        let indices: [UInt64] = [0, 1, 2]
        #expect(indices.map { EpochKey.seedHeight(of: $0, epochBlocks: 20) } == [0, 19, 39])
        #expect(indices.map { EpochKey.seedHeight(of: $0, epochBlocks: 1) } == [0, 0, 1])
    }

    @Test("The key changes at the first block of an epoch", arguments: [1, 7, 20] as [UInt64])
    func epochKeyOnChain(epochBlocks: UInt64) throws {
        var chain = MemoryChain(try ChainSpec.devnet(targetThousandths: 1000, epochBlocks: epochBlocks))
        var hashes = [chain.tip.hash]
        for _ in 0..<45 {
            let expected = try chain.expectations()
            let index = expected.number / epochBlocks
            let seed = index == 0 ? 0 : index * epochBlocks - 1
            #expect(expected.epochKey == EpochKey.key(seed: hashes[Int(seed)], index: index))
            chain.append(try chain.template())
            hashes.append(chain.tip.hash)
        }
    }

    @Test("Branches that part before the end of an epoch have different keys after it")
    func branches() throws {
        var one = MemoryChain(try ChainSpec.devnet(targetThousandths: 1000))
        try one.extend(to: 18, spacing: 5)
        var two = one
        try one.extend(to: 19, spacing: 5)
        try two.extend(to: 19, spacing: 6)
        #expect(try one.expectations().epochKey != two.expectations().epochKey)
    }

    @Test(
        "The median is the upper one of an even number",
        arguments: [
            ([], 0), ([7], 7), ([7, 9], 9), ([9, 7], 9), ([3, 1, 2], 2), ([5, 5, 1, 9], 5),
            ([11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6], 6), ([UInt64.max, 0, UInt64.max], UInt64.max),
        ] as [([UInt64], UInt64)])
    func median(timestamps: [UInt64], expected: UInt64) {
        #expect(MedianTime.median(timestamps) == expected)
    }

    @Test("The minimum timestamp is one more than the median of the last 11, genesis included")
    func minimumTimestamp() throws {
        var chain = MemoryChain(try ChainSpec.devnet(targetThousandths: 1000))
        var random = DeterministicRandom(seed: 4)
        var timestamps = [chain.tip.timestamp]
        for number: UInt64 in 1..<60 {
            let sorted = timestamps.suffix(11).sorted()
            var minimum = sorted[sorted.count / 2] + 1
            // The last block of a window is not before the window's first.
            if number % 16 == 15 { minimum = max(minimum, timestamps[max(1, Int(number) - 16)]) }
            #expect(try chain.expectations().minimumTimestamp == minimum)
            let timestamp = minimum + UInt64.random(in: 0..<60, using: &random)
            chain.append(try chain.template(timestamp: timestamp))
            timestamps.append(timestamp)
        }
    }
}
