import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITrie
import PoAITypes
import PoAIWork
import Testing

@Suite struct ImportTests {
    @Test func aNewChainIsItsGenesis() throws {
        let fixture = try ChainFixture()
        try fixture.checkInvariants()
        #expect(fixture.chain.head.header.number == 0)
        #expect(try fixture.chain.reader.balance(testAddress(200)) == UInt256(1_000))
        #expect(try fixture.verify().ok)
    }

    @Test func blocksExtendTheChainAndPayTheirMiner() throws {
        var fixture = try ChainFixture()
        try fixture.grow(25)
        try fixture.checkInvariants()
        // 10 blocks of 5, 10 of 2.5, 5 of 1.25 coins.
        #expect(try fixture.chain.reader.balance(testAddress(1)).description == "81250000000000000000")
        let report = try fixture.verify()
        #expect(report.ok)
        #expect(report.blocks == 25)
        #expect(report.head == fixture.chain.head.reference)
    }

    @Test func theChainIsThereAfterReopening() throws {
        let folder: TemporaryDirectory
        let head: ChainHead
        let spec = try testSpec()
        do {
            var fixture = try ChainFixture(spec)
            try fixture.grow(10)
            (folder, head) = (fixture.folder, fixture.chain.head)
        }
        #expect(try ChainFixture.open(folder, spec).head == head)
        let reader = try ChainReader(dataDirectory: folder.path)
        #expect(reader.spec == spec)
        #expect(try reader.head() == head)
        #expect(try reader.block(at: 10)?.hash == head.hash)
        #expect(try reader.block(at: 11) == nil)
    }

    @Test func aBlockIsTakenOnce() throws {
        var fixture = try ChainFixture()
        let blocks = try fixture.grow(2)
        #expect(try fixture.chain.import(blocks[0]) == .alreadyKnown)
        #expect(try fixture.chain.import(blocks[1]) == .alreadyKnown)
        let next = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1))
        let outcomes = try fixture.chain.importBatch([next, next])
        #expect(outcomes[1] == .alreadyKnown)
        fixture.model.accept(next)
        try fixture.checkInvariants()
    }

    @Test func theMinersOwnEvaluationIsEnough() throws {
        var fixture = try ChainFixture()
        let block = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1))
        let wrong = SealEvaluation(digest: .zero, loss: block.header.loss)
        let right = SealEvaluation(digest: block.header.mixHash, loss: block.header.loss)
        guard case .newHead = try fixture.chain.import(block, evaluation: right) else {
            Issue.record("not taken")
            return
        }
        fixture.model.accept(block)
        let next = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1))
        guard case .rejected(.header(.traceDigest)) = try fixture.chain.import(next, evaluation: wrong) else {
            Issue.record("taken against its evaluation")
            return
        }
    }

    private func expectRejected(
        _ fixture: ChainFixture, marked: Bool, _ change: (inout BlockHeader) -> Void,
        _ isExpected: (BlockFault) -> Bool
    ) throws {
        let block = try fixture.model.mine(on: fixture.model.head, miner: testAddress(2), change: change)
        let outcome = try fixture.chain.import(block)
        guard case .rejected(let fault) = outcome, isExpected(fault) else {
            Issue.record("\(outcome)")
            return
        }
        #expect((try fixture.chain.reader.invalidReason(block.hash) != nil) == marked)
        #expect(try fixture.chain.reader.header(block.hash) == nil)
        if marked {
            guard case .rejected(.knownInvalid) = try fixture.chain.import(block) else {
                Issue.record("not remembered")
                return
            }
        }
        try fixture.checkInvariants()
    }

    @Test func badBlocksAreRejectedAndOnlyProvenOnesRemembered() throws {
        var fixture = try ChainFixture()
        try fixture.grow(3)
        try expectRejected(fixture, marked: true, { $0.stateRoot = .zero }) {
            if case .stateRoot = $0 { true } else { false }
        }
        try expectRejected(fixture, marked: true, { $0.gasUsed = 1 }) { $0 == .gasUsed(got: 1, expected: 0) }
        try expectRejected(fixture, marked: true, { $0.receiptsRoot = .zero }) {
            $0 == .receiptsRoot(got: .zero, expected: EmptyRoots.trie)
        }
        try expectRejected(
            fixture, marked: true, { $0.logsBloom = LogsBloom([Log(address: .zero, topics: [], data: [])]) }
        ) {
            $0 == .logsBloom
        }
        try expectRejected(fixture, marked: false, { $0.gasUsed = $0.gasLimit + 1 }) {
            if case .header(.gasUsed) = $0 { true } else { false }
        }
        try expectRejected(fixture, marked: false, { $0.timestamp = 5 }) {
            if case .header(.timestamp) = $0 { true } else { false }
        }
        try expectRejected(fixture, marked: false, { $0.timestamp = ChainFixture.now + 7201 }) {
            $0 == .fromTheFuture(seconds: 1) && !$0.isPermanent
        }
        try fixture.grow(1)
    }

    @Test func aBodyOfAnotherBlockIsRefusedButItsHashIsNotRemembered() throws {
        var fixture = try ChainFixture()
        let block = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1))
        fixture.model.accept(block)
        let child = try fixture.model.mine(on: block.hash, miner: testAddress(1))
        let foreign = TransactionFields.legacy(chainID: 7, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: .zero)
        for original in [child, block] {
            var mutated = original
            mutated.transactions = [foreign.signed(by: .generate())]
            #expect(mutated.hash == original.hash)
            #expect(try fixture.chain.import(mutated) == .rejected(.mutated(original.hash)))
            #expect(try fixture.chain.reader.invalidReason(original.hash) == nil)
            #expect(fixture.chain.orphanCount == 0)
        }
        // With a header that names the transactions the body is its own, but they are of another chain.
        let own = [foreign.signed(by: .generate())]
        fixture.model.accept(child)
        var named = try fixture.model.mine(on: child.hash, miner: testAddress(2)) {
            $0.transactionsRoot = OrderedTrie.root(of: own)
        }
        #expect(try fixture.chain.import(named) == .rejected(.mutated(named.hash)))
        named.transactions = own
        for original in [block, child] {
            guard case .newHead = try fixture.chain.import(original) else {
                Issue.record("the true body was not taken")
                return
            }
        }
        let outcome = try fixture.chain.import(named)
        guard case .rejected(.transaction(index: 0, _)) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func aFalseSealIsRememberedAndItsDescendantsRefused() throws {
        var fixture = try ChainFixture()
        try fixture.grow(2)
        var block = try fixture.model.mine(on: fixture.model.head, miner: testAddress(1))
        // Another digest that happens to give a number below the target: what a forger would look for.
        let expected = fixture.chain.head.expectations
        repeat {
            block.header.mixHash = Keccak256.hash(block.header.mixHash.bytes)
        } while !Seal(header: block.header, epochKey: expected.epochKey).meets(expected.target)
        fixture.model.accept(block)
        let child = try fixture.model.mine(on: block.hash, miner: testAddress(1))
        let outcomes = try fixture.chain.importBatch([block, child])
        guard case .rejected(.header(.traceDigest)) = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(outcomes[1] == .rejected(.invalidAncestor(block.hash)))
        #expect(try fixture.chain.import(child) == .rejected(.invalidAncestor(block.hash)))
        #expect(try fixture.chain.reader.invalidReason(block.hash) != nil)
        #expect(try fixture.verify().ok)
    }

    @Test func anotherGenesisIsRefused() throws {
        let fixture = try ChainFixture()
        let other = try ChainModel(try testSpec(chainID: 8))
        let genesis = Block(header: other.headNode.header)
        #expect(try fixture.chain.import(genesis) == .rejected(.otherGenesis(genesis.hash)))
        let own = Block(header: fixture.model.headNode.header)
        #expect(try fixture.chain.import(own) == .alreadyKnown)
    }

    @Test func templatesBecomeBlocks() throws {
        var fixture = try ChainFixture()
        try fixture.grow(9)
        for _ in 0..<12 {
            let template = try fixture.chain.template(miner: testAddress(4), extraData: [1, 2, 3])
            #expect(template.expectations == fixture.chain.head.expectations)
            #expect(template.header.timestamp == max(ChainFixture.now, template.expectations.minimumTimestamp))
            #expect(template.header.extraData == [1, 2, 3])
            let found = ChainModel.sealed(template.header, template.expectations).header
            let block = template.sealed(nonce: found.nonce, loss: found.loss, digest: found.mixHash)
            guard case .newHead(let change) = try fixture.chain.import(block) else {
                Issue.record("template refused")
                return
            }
            #expect(change.added == [fixture.chain.head.reference])
            fixture.model.accept(block)
            try fixture.checkInvariants()
        }
        #expect(try fixture.verify().ok)
    }

    /// An evaluator that fails says nothing about the block.
    @Test func aBrokenEngineBlamesNobody() throws {
        struct Broken: SealEvaluator {
            let batchSize = 4
            func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
                throw SealEvaluatorError("out of memory")
            }
        }
        let folder = try TemporaryDirectory()
        let spec = try testSpec()
        let block = try ChainModel(spec).mine(on: try ChainModel(spec).genesis, miner: testAddress(1))
        do {
            var options = Blockchain.Options()
            options.clock = { ChainFixture.now }
            let chain = try Blockchain(
                dataDirectory: folder.path, spec: spec, evaluator: Broken(), options: options)
            #expect(throws: ChainError.evaluator(SealEvaluatorError("out of memory"))) { try chain.import(block) }
            #expect(try chain.reader.invalidReason(block.hash) == nil)
        }
        let chain = try ChainFixture.open(folder, spec)
        guard case .newHead = try chain.import(block) else {
            Issue.record("refused after the engine was repaired")
            return
        }
    }
}
