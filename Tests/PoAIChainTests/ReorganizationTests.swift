import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Testing

@Suite struct ReorganizationTests {
    @Test(arguments: [1, 2, 3, 7, 20]) func aHeavierBranchOfAnyDepthTakesOver(depth: Int) throws {
        var fixture = try ChainFixture()
        try fixture.grow(3)
        let fork = fixture.model.head
        let old = try fixture.grow(depth, miner: 1)
        let branch = try fixture.model.branch(on: fork, count: depth + 1, miner: testAddress(2))
        for (index, block) in branch.enumerated() {
            let outcome = try fixture.chain.import(block)
            fixture.model.accept(block)
            if fixture.model.head == block.hash {
                guard case .newHead(let change) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                if index == depth {
                    #expect(change.added.last?.hash == block.hash)
                    #expect(change.head == fixture.chain.head)
                }
                if change.isReorganization {
                    #expect(change.removed.map(\.hash) == old.reversed().map(\.hash))
                    #expect(change.added.map(\.hash) == branch.prefix(index + 1).map(\.hash))
                }
            } else {
                #expect(outcome == .sideBranch)
            }
            try fixture.checkInvariants()
        }
        #expect(fixture.chain.head.hash == branch.last?.hash)
        let report = try fixture.verify()
        #expect(report.ok, "\(report.failure?.description ?? "")")
        #expect(report.blocks == UInt64(3 + depth + 1))
    }

    @Test func theFirstSeenWinsATie() throws {
        var fixture = try ChainFixture()
        try fixture.grow(2)
        let fork = fixture.model.head
        try fixture.grow(3)
        let head = fixture.chain.head
        let rival = try fixture.model.branch(on: fork, count: 3, miner: testAddress(2))
        for block in rival { #expect(try fixture.chain.import(block) == .sideBranch) }
        #expect(fixture.chain.head == head)
        #expect(try fixture.verify().ok)
    }

    @Test(arguments: [0, 2, 4]) func aHeavierBranchWithABadBlockChangesNothing(bad: Int) throws {
        var fixture = try ChainFixture()
        try fixture.grow(3)
        let fork = fixture.model.head
        try fixture.grow(4)
        let before = fixture.chain.head
        var wrong = fixture.model
        var parent = fork
        var branch: [Block] = []
        for index in 0..<6 {
            let block = try wrong.mine(on: parent, miner: testAddress(3)) {
                if index == bad { $0.stateRoot = Keccak256.hash([9]) }
            }
            wrong.accept(block)
            branch.append(block)
            parent = block.hash
        }
        // Blocks that do not win yet are stored untried; the first that would win brings the fault to light.
        let outcomes = try branch.map { try fixture.chain.import($0) }
        #expect(outcomes[..<4].allSatisfy { $0 == .sideBranch })
        if bad == 4 {
            guard case .rejected(.stateRoot) = outcomes[4] else {
                Issue.record("\(outcomes[4])")
                return
            }
        } else {
            #expect(outcomes[4] == .rejected(.invalidAncestor(branch[bad].hash)))
        }
        #expect(outcomes[5] == .rejected(.invalidAncestor(branch[4].hash)))
        for (index, block) in branch[..<5].enumerated() {
            #expect((try fixture.chain.reader.invalidReason(block.hash) != nil) == (index >= bad))
        }
        #expect(fixture.chain.head == before)
        try fixture.checkInvariants()
        #expect(try fixture.verify().ok)
        // What is right of the branch can still win.
        let good = try fixture.model.branch(
            on: bad == 0 ? fork : branch[bad - 1].hash, count: bad == 0 ? 6 : 0, miner: testAddress(5))
        for block in good {
            _ = try fixture.chain.import(block)
            fixture.model.accept(block)
        }
        try fixture.checkInvariants()
        try fixture.grow(1)
    }

    @Test func aBatchMayReorganizeAndGoOn() throws {
        var fixture = try ChainFixture()
        try fixture.grow(5)
        let branch = try fixture.model.branch(on: fixture.model.genesis, count: 12, miner: testAddress(2))
        let outcomes = try fixture.chain.importBatch(branch)
        for block in branch { fixture.model.accept(block) }
        #expect(outcomes[0] == .sideBranch)
        guard case .newHead = outcomes[11] else {
            Issue.record("\(outcomes[11])")
            return
        }
        try fixture.checkInvariants()
        #expect(try fixture.verify().ok)
    }

    /// Random growth, forks, reorganizations, orphans, batches, bad blocks and restarts against the model.
    @Test(arguments: Array(1...6)) func randomHistoriesEqualTheModel(seed: UInt64) throws {
        var random = DeterministicRandom(seed: seed)
        let pruneDepth: UInt64 = seed % 2 == 0 ? 0 : 40
        let fixture = try ChainFixture(pruneDepth: pruneDepth)
        var state = RandomHistory(fixture: fixture, pruned: pruneDepth > 0)
        for step in 0..<60 {
            try state.step(&random)
            try state.fixture.checkInvariants()
            if step % 15 == 14 {
                let report = try state.fixture.verify()
                #expect(report.ok, "\(report.failure?.description ?? "")")
            }
        }
        #expect(state.reorganizations > 3)
    }
}

/// Random steps on a chain and its model.
private struct RandomHistory {
    var fixture: ChainFixture
    var reorganizations = 0
    private var tips: [Hash32]
    private let pruned: Bool

    init(fixture: ChainFixture, pruned: Bool) {
        self.pruned = pruned
        self.fixture = fixture
        tips = [fixture.model.head]
    }

    mutating func step(_ random: inout DeterministicRandom) throws {
        let chain = fixture.model.chain(to: fixture.model.head)
        let depth = min(random.below(8), chain.count - 1)
        let parent =
            random.below(3) == 0 ? tips[random.below(tips.count)] : chain[chain.count - 1 - depth]
        // Far behind, a tip would be no match; within the prune window everything can be undone.
        guard fixture.model.headNode.header.number < fixture.model[parent].header.number + 25 else { return }
        let blocks = try fixture.model.branch(
            on: parent, count: 1 + random.below(6), miner: testAddress(UInt8(1 + random.below(9))),
            seconds: UInt64(random.below(12)), extraData: random.bytes(8))
        switch random.below(4) {
        case 0: try deliverAsBatch(blocks)
        case 1: try deliverBackwards(blocks)
        case 2: try deliverWithBadEnd(blocks, &random)
        default: for block in blocks { try deliver(block) }
        }
        if let tip = blocks.last { tips.append(tip.hash) }
    }

    private mutating func deliver(_ block: Block) throws {
        let before = fixture.model.head
        let outcome = try fixture.chain.import(block)
        fixture.model.accept(block)
        try check(outcome, block.hash, before)
    }

    private mutating func check(_ outcome: ImportOutcome, _ hash: Hash32, _ before: Hash32) throws {
        switch outcome {
        case .newHead(let change):
            #expect(fixture.model.head == hash)
            if change.isReorganization { reorganizations += 1 }
        case .sideBranch: #expect(fixture.model.head == before)
        default: Issue.record("\(outcome)")
        }
    }

    private mutating func deliverAsBatch(_ blocks: [Block]) throws {
        let outcomes = try fixture.chain.importBatch(blocks)
        for (block, outcome) in zip(blocks, outcomes) {
            let before = fixture.model.head
            fixture.model.accept(block)
            try check(outcome, block.hash, before)
        }
    }

    private mutating func deliverBackwards(_ blocks: [Block]) throws {
        for block in blocks.dropFirst().reversed() {
            let outcome = try fixture.chain.import(block)
            #expect(outcome == .orphan(missing: block.header.parentHash))
        }
        if let first = blocks.first { try deliver(first) }
        for block in blocks { fixture.model.accept(block) }
        #expect(fixture.chain.orphanCount == 0)
    }

    /// The last block is followed by one with a wrong state, which must leave no trace but its mark.
    private mutating func deliverWithBadEnd(_ blocks: [Block], _ random: inout DeterministicRandom) throws {
        for block in blocks { try deliver(block) }
        guard let last = blocks.last else { return }
        let root = random.hash()
        let bad = try fixture.model.mine(on: last.hash, miner: testAddress(1)) { $0.stateRoot = root }
        switch try fixture.chain.import(bad) {
        case .rejected(.stateRoot): #expect(try fixture.chain.reader.invalidReason(bad.hash) != nil)
        case .sideBranch:
            // Not executed as it did not win; it must not win later either.
            var outcome = ImportOutcome.sideBranch
            for block in try badDescendants(of: bad, count: 50) where outcome == .sideBranch {
                outcome = try fixture.chain.import(block)
            }
            switch outcome {
            case .rejected(.invalidAncestor(bad.hash)), .sideBranch: break
            case .reorgTooDeep: #expect(pruned)
            default: Issue.record("\(outcome)")
            }
        case let outcome: Issue.record("\(outcome)")
        }
    }

    private func badDescendants(of block: Block, count: Int) throws -> [Block] {
        var wrong = fixture.model
        wrong.accept(block)
        return try wrong.branch(on: block.hash, count: count, miner: testAddress(1))
    }
}
