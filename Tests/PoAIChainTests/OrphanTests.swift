import PoAIChain
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite struct OrphanTests {
    @Test func orphansFollowTheirAncestorIn() throws {
        var fixture = try ChainFixture()
        try fixture.grow(2)
        let branch = try fixture.model.branch(on: fixture.model.head, count: 6, miner: testAddress(2))
        for block in branch[1...].shuffled() {
            guard case .orphan = try fixture.chain.import(block) else {
                Issue.record("not an orphan")
                return
            }
        }
        #expect(try fixture.chain.import(branch[5]) == .orphan(missing: branch[0].hash))
        #expect(fixture.chain.orphanCount == 5)
        guard case .newHead = try fixture.chain.import(branch[0]) else {
            Issue.record("not adopted")
            return
        }
        for block in branch { fixture.model.accept(block) }
        #expect(fixture.chain.orphanCount == 0)
        try fixture.checkInvariants()
    }

    @Test func orphansOfAnInvalidBlockAreDropped() throws {
        var fixture = try ChainFixture()
        try fixture.grow(1)
        let bad = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1)) { $0.stateRoot = .zero }
        var wrong = fixture.model
        wrong.accept(bad)
        let children = try wrong.branch(on: bad.hash, count: 3, miner: testAddress(1))
        for child in children { _ = try fixture.chain.import(child) }
        #expect(fixture.chain.orphanCount == 3)
        guard case .rejected = try fixture.chain.import(bad) else {
            Issue.record("taken")
            return
        }
        #expect(fixture.chain.orphanCount == 0)
    }

    @Test(arguments: 1...5) func thePoolStaysConsistentAndBounded(seed: UInt64) throws {
        var random = DeterministicRandom(seed: seed)
        let header = try ChainModel(try testSpec()).headNode.header
        let size = Block(header: header).rlpEncoded().count
        var pool = OrphanPool(limits: OrphanPool.Limits(count: 20, bytes: size * 12))
        var parents = (0..<10).map { _ in random.hash() }
        for _ in 0..<500 {
            switch random.below(6) {
            case 0: _ = pool.takeChildren(of: parents[random.below(parents.count)])
            case 1 where random.below(4) == 0: pool.dropDescendants(of: parents[random.below(parents.count)])
            default:
                var header = header
                header.parentHash = parents[random.below(parents.count)]
                header.nonce = random.next()
                header.extraData = random.bytes(random.below(33))
                let block = Block(header: header)
                pool.insert(block, hash: block.hash)
                #expect(pool.contains(block.hash))
                if random.below(2) == 0 { parents[random.below(parents.count)] = block.hash }
            }
            #expect(pool.isConsistent)
        }
        #expect(pool.count > 5)
    }

    @Test func theOldestGoFirst() throws {
        let header = try ChainModel(try testSpec()).headNode.header
        var pool = OrphanPool(limits: OrphanPool.Limits(count: 3, bytes: 1 << 20))
        var hashes: [Hash32] = []
        for nonce in UInt64(0)..<5 {
            var header = header
            header.nonce = nonce
            hashes.append(header.hash)
            pool.insert(Block(header: header), hash: header.hash)
        }
        #expect(hashes.map { pool.contains($0) } == [false, false, true, true, true])
        #expect(pool.bytes == 3 * Block(header: header).rlpEncoded().count)
        var small = OrphanPool(limits: OrphanPool.Limits(count: 3, bytes: 10))
        small.insert(Block(header: header), hash: header.hash)
        #expect(small.count == 0)
    }
}
