import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Testing

@Suite struct PruneTests {
    @Test func bodiesAndUndoRecordsOfTheLastBlocksAreKept() throws {
        var fixture = try ChainFixture(pruneDepth: 5)
        try fixture.grow(4)
        #expect(try fixture.chain.reader.oldestKept() == 1)
        try fixture.grow(16)
        try fixture.checkInvariants()
        let reader = fixture.chain.reader
        #expect(try reader.oldestKept() == 16)
        let head = fixture.chain.head.header.number
        for height in 0...head {
            #expect(try reader.header(at: height)?.number == height)
        }
        for height in 16...head { #expect(try reader.block(at: height)?.header.number == height) }
        for height: UInt64 in 1...15 {
            #expect(throws: ChainError.storage(.pruned(wanted: height, oldest: 16))) { try reader.block(at: height) }
        }
        let undo = try reader.folder.environment.read { (snapshot) throws(StorageError) in
            try ChainTables.undo.count(in: snapshot)
        }
        #expect(undo == 5)
        let report = try fixture.verify()
        #expect(report.ok, "\(report.failure?.description ?? "")")
        #expect(report.blocks == 20)
        #expect(report.stateFrom == 16)
    }

    @Test func sideBranchesArePrunedToo() throws {
        var fixture = try ChainFixture(pruneDepth: 4)
        try fixture.grow(3)
        let side = try fixture.model.mine(on: fixture.model.genesis, miner: testAddress(9))
        #expect(try fixture.chain.import(side) == .sideBranch)
        fixture.model.accept(side)
        try fixture.grow(10)
        #expect(throws: ChainError.storage(.pruned(wanted: 1, oldest: 10))) {
            try fixture.chain.reader.block(side.hash)
        }
        #expect(try fixture.chain.reader.header(side.hash) == side.header)
        #expect(try fixture.verify().ok)
    }

    @Test func aReorganizationWithinTheWindowWorks() throws {
        var fixture = try ChainFixture(pruneDepth: 6)
        try fixture.grow(10)
        let fork = fixture.model.chain(to: fixture.model.head)[5]
        for block in try fixture.model.branch(on: fork, count: 6, miner: testAddress(2)) {
            _ = try fixture.chain.import(block)
            fixture.model.accept(block)
        }
        #expect(fixture.chain.head.header.number == 11)
        #expect(try fixture.chain.reader.balance(testAddress(2)) != .zero)
        try fixture.checkInvariants()
        #expect(try fixture.verify().ok)
    }

    @Test func aDeeperReorganizationIsAClearOutcome() throws {
        var fixture = try ChainFixture(pruneDepth: 6)
        try fixture.grow(10)
        let before = fixture.chain.head
        let fork = fixture.model.chain(to: fixture.model.head)[3]
        let branch = try fixture.model.branch(on: fork, count: 9, miner: testAddress(2))
        let outcomes = try branch.map { try fixture.chain.import($0) }
        let first = try #require(outcomes.first { $0 != .sideBranch })
        #expect(first == .reorgTooDeep(forkHeight: 3, oldestKept: 5))
        #expect("\(first)".contains("blocks below 5 were pruned"))
        #expect(fixture.chain.head == before)
        try fixture.checkInvariants()
        #expect(try fixture.verify().ok)
        try fixture.grow(2)
    }

    @Test func keepingMoreLaterIsFine() throws {
        let spec = try testSpec()
        let folder: TemporaryDirectory
        let model: ChainModel
        do {
            var fixture = try ChainFixture(spec, pruneDepth: 3)
            try fixture.grow(8)
            (folder, model) = (fixture.folder, fixture.model)
        }
        let chain = try ChainFixture.open(folder, spec, pruneDepth: 0)
        for block in try model.branch(on: model.head, count: 5, miner: testAddress(3)) { _ = try chain.import(block) }
        #expect(try chain.reader.oldestKept() == 6)
        #expect(try chain.reader.block(at: 6) != nil)
        let report = try chain.reader.verify(evaluator: HashEvaluator(), clock: { ChainFixture.now })
        #expect(report.ok)
        #expect(report.stateFrom == 6)
    }
}
