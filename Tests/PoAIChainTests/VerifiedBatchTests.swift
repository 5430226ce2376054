import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Testing

/// Verifying ahead of storing gives what `importBatch` gives.
@Suite struct VerifiedBatchTests {
    /// Two fixtures of one chain: batches go into the first by `importBatch`, into the second verified before any is stored.
    private func expectTheSame(_ batches: [[Block]]) throws -> [[ImportOutcome]] {
        let (plain, piped) = (try ChainFixture(), try ChainFixture())
        let expected = try batches.map { try plain.chain.importBatch($0) }
        var verified: [VerifiedBatch] = []
        for batch in batches { verified.append(try piped.chain.verifyBatch(batch, after: verified)) }
        let outcomes = try verified.map { try piped.chain.store($0) }
        #expect(outcomes == expected)
        #expect(piped.chain.head == plain.chain.head)
        #expect(piped.chain.orphanCount == plain.chain.orphanCount)
        for block in batches.joined() {
            let reasons = try [plain, piped].map { try $0.chain.reader.invalidReason(block.hash) }
            #expect(reasons[0] == reasons[1])
        }
        #expect(try piped.verify().ok)
        return outcomes
    }

    /// A chain of blocks whose block at `index` is spoilt.
    private func blocks(
        _ count: Int, at index: Int? = nil, spoil: (ChainFixture, inout Block) throws -> Void = { _, _ in }
    ) throws -> [Block] {
        var fixture = try ChainFixture()
        var blocks: [Block] = []
        for number in 0..<count {
            let parent = blocks.last?.hash ?? fixture.model.genesis
            var block = try fixture.model.mine(on: parent, miner: testAddress(1)) { header in
                if number == index { header.extraData = [1] }
            }
            if number == index { try spoil(fixture, &block) }
            fixture.model.accept(block)
            blocks.append(block)
        }
        return blocks
    }

    @Test func rightBlocks() throws {
        let chain = try blocks(24)
        let outcomes = try expectTheSame([Array(chain[..<8]), Array(chain[8..<16]), Array(chain[16...])])
        #expect(outcomes.joined().allSatisfy { if case .newHead = $0 { true } else { false } })
    }

    @Test(arguments: [3, 7, 8, 12]) func aFalseSeal(index: Int) throws {
        let chain = try blocks(20, at: index) { fixture, block in
            let expected = try #require(
                HeaderExpectations.after(
                    fixture.model[block.header.parentHash].header, hash: block.header.parentHash,
                    spec: fixture.model.spec, in: fixture.model))
            repeat {
                block.header.mixHash = Keccak256.hash(block.header.mixHash.bytes)
            } while !Seal(header: block.header, epochKey: expected.epochKey).meets(expected.target)
        }
        let outcomes = Array(try expectTheSame([Array(chain[..<8]), Array(chain[8...])]).joined())
        guard case .rejected(.header(.traceDigest)) = outcomes[index] else {
            Issue.record("\(outcomes[index])")
            return
        }
    }

    @Test(arguments: [3, 7, 8, 12]) func aBlockThatCannotBeExecuted(index: Int) throws {
        var fixture = try ChainFixture()
        var chain: [Block] = []
        for number in 0..<20 {
            let block = try fixture.model.mine(on: chain.last?.hash ?? fixture.model.genesis, miner: testAddress(1)) {
                if number == index { $0.stateRoot = .zero }
            }
            fixture.model.accept(block)
            chain.append(block)
        }
        let outcomes = Array(
            try expectTheSame([Array(chain[..<8]), Array(chain[8..<14]), Array(chain[14...])]).joined())
        guard case .rejected(.stateRoot) = outcomes[index] else {
            Issue.record("\(outcomes[index])")
            return
        }
    }

    @Test func blocksInTwoBatches() throws {
        let chain = try blocks(12)
        let outcomes = try expectTheSame([Array(chain[..<8]), Array(chain[6...]), Array(chain[2..<4])])
        #expect(outcomes[1][0] == .alreadyKnown && outcomes[2] == [.alreadyKnown, .alreadyKnown])
    }

    @Test func blocksWithoutTheOnesBelow() throws {
        let chain = try blocks(12)
        let outcomes = try expectTheSame([Array(chain[..<4]), Array(chain[6...])])
        #expect(outcomes[1][0] == .orphan(missing: chain[5].hash))
    }
}
