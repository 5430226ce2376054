import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

@Suite struct HeaderCheckTests {
    @Test func headersAreJudgedWithoutBodiesAndNothingIsStored() throws {
        var fixture = try ChainFixture()
        let blocks = try fixture.grow(3)
        let chain = fixture.chain
        let first = try #require(blocks.first)
        #expect(try chain.check(header: first.header) == .known)
        func mined(_ change: (inout BlockHeader) -> Void = { _ in }) throws -> BlockHeader {
            try fixture.model.mine(on: fixture.model.head, miner: testAddress(2), change: change).header
        }
        #expect(try chain.check(header: try mined()) == .plausible)
        let future = try mined { $0.timestamp = ChainFixture.now + 7201 }
        #expect(try chain.check(header: future) == .rejected(.fromTheFuture(seconds: 1)))
        let stray = try mined { $0.parentHash = Keccak256.hash([1]) }
        #expect(try chain.check(header: stray) == .rejected(.missingParent(Keccak256.hash([1]))))
        guard case .rejected(.invalid(.gasUsed)) = try chain.check(header: try mined { $0.gasUsed = $0.gasLimit + 1 })
        else {
            Issue.record("more gas used than the limit")
            return
        }
        try fixture.checkInvariants()
    }

    @Test func whatWasProvenInvalidIsKnownWithItsChildren() throws {
        var fixture = try ChainFixture()
        try fixture.grow(1)
        let chain = fixture.chain
        let bad = try fixture.model.mine(on: fixture.model.head, miner: testAddress(2)) { $0.gasUsed = 1 }
        #expect(try chain.check(header: bad.header) == .plausible)
        guard case .rejected(.gasUsed) = try chain.import(bad) else {
            Issue.record("taken")
            return
        }
        var child = bad.header
        (child.parentHash, child.number) = (bad.hash, bad.header.number + 1)
        for header in [bad.header, child] {
            guard case .knownInvalid(let reason) = try chain.check(header: header) else {
                Issue.record("not known to be invalid")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }
}
