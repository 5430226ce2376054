import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct OpeningTests {
    @Test func aSecondNodeAndOtherNetworksAreRefused() throws {
        let spec = try testSpec()
        let folder: TemporaryDirectory
        do {
            let fixture = try ChainFixture(spec)
            folder = fixture.folder
            #expect(throws: ChainError.storage(.folderInUse(folder: folder.path, pid: getpid()))) {
                try ChainFixture.open(folder, spec)
            }
        }
        let others = [
            try testSpec(name: "other"), try testSpec(chainID: 8), try testSpec(halvingInterval: 11),
            try testSpec(alloc: []),
        ]
        for other in others {
            do {
                _ = try ChainFixture.open(folder, other)
                Issue.record("opened another network's chain")
            } catch {
                #expect("\(error)".contains("is of another network"))
            }
        }
        #expect(try ChainFixture.open(folder, spec).head.header.number == 0)
    }

    @Test func thereMustBeAChainToRead() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: ChainError.storage(.noDatabase(folder: folder.path))) {
            try ChainReader(dataDirectory: folder.path)
        }
        let missing = folder.path("missing")
        #expect(throws: ChainError.storage(.noDatabase(folder: missing))) {
            try ChainReader(dataDirectory: missing)
        }
    }

    @Test func specsSurviveStoring() throws {
        let specs = [
            try testSpec(), try testSpec(alloc: []), try ChainSpec.devnet(),
            try ChainSpec.devnet(targetThousandths: 500, epochBlocks: 7),
        ]
        for spec in specs {
            let folder = try TemporaryDirectory()
            _ = try ChainFixture.open(folder, spec)
            #expect(try ChainReader(dataDirectory: folder.path).spec == spec)
        }
    }

    @Test func subscribersHearEveryHeadInOrderUntilTheyCancel() async throws {
        var fixture = try ChainFixture()
        let heard = Mutex<[HeadChange]>([])
        let stream = fixture.chain.headChanges()
        let subscription = fixture.chain.subscribe { change in heard.withLock { $0.append(change) } }
        try fixture.grow(2)
        let fork = fixture.model.genesis
        let branch = try fixture.model.branch(on: fork, count: 4, miner: testAddress(2))
        _ = try fixture.chain.importBatch(branch)
        subscription.cancel()
        for block in branch { fixture.model.accept(block) }
        try fixture.grow(1)

        let changes = heard.withLock { $0 }
        #expect(changes.map(\.head.header.number) == [1, 2, 3, 4])
        #expect(changes.map(\.isReorganization) == [false, false, true, false])
        #expect(changes[2].removed.map(\.number) == [2, 1])
        #expect(changes[2].added.map(\.hash) == branch[..<3].map(\.hash))
        var streamed: [UInt64] = []
        for await change in stream {
            streamed.append(change.head.header.number)
            if streamed.count == 5 { break }
        }
        #expect(streamed == [1, 2, 3, 4, 5])
    }

    @Test func aSubscriberMayCallTheChain() throws {
        let fixture = try ChainFixture()
        let chain = fixture.chain
        let blocks = try fixture.model.branch(on: fixture.model.head, count: 3, miner: testAddress(1))
        let heads = Mutex<[UInt64]>([])
        let subscription = chain.subscribe { change in
            heads.withLock { $0.append(change.head.header.number) }
            let next = Int(change.head.header.number)
            if next < blocks.count { _ = try? chain.import(blocks[next]) }
        }
        _ = try chain.import(blocks[0])
        #expect(heads.withLock { $0 } == [1, 2, 3])
        #expect(chain.head.hash == blocks[2].hash)
        subscription.cancel()
    }

    /// Many threads hand in the same blocks in different orders; all must arrive once.
    @Test func importsFromManyThreadsAgree() async throws {
        var fixture = try ChainFixture()
        let main = try fixture.model.branch(on: fixture.model.head, count: 12, miner: testAddress(1))
        let side = try fixture.model.branch(on: fixture.model.head, count: 9, miner: testAddress(2))
        let chain = fixture.chain
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    var random = DeterministicRandom(seed: UInt64(worker))
                    for block in (main + side).shuffled(using: &random) { _ = try chain.import(block) }
                }
            }
            try await group.waitForAll()
        }
        for block in main + side { fixture.model.accept(block) }
        try fixture.checkInvariants()
        #expect(chain.orphanCount == 0)
        #expect(try fixture.verify().ok)
    }

    @Test func errorsOfTheDiskAreNoFaultOfTheBlock() async throws {
        let folder = try TemporaryDirectory()
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            let spec = try testSpec()
            let model = try ChainModel(spec)
            let blocks = try model.branch(on: model.head, count: 400, miner: testAddress(1))
            var options = Blockchain.Options()
            options.clock = { ChainFixture.now }
            let chain = try Blockchain(
                dataDirectory: path, spec: spec, evaluator: HashEvaluator(), options: options)
            var limit = rlimit(rlim_cur: 300_000, rlim_max: 300_000)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
            var stored: UInt64 = 0
            do throws(ChainError) {
                for block in blocks {
                    guard case .newHead = try chain.import(block) else { exit(3) }
                    stored += 1
                }
                exit(4)
            } catch {
                guard case .storage(.diskFull) = error else { exit(5) }
            }
            guard chain.head.header.number == stored, stored > 0 else { exit(6) }
            guard try chain.reader.head() == chain.head else { exit(7) }
            guard try chain.reader.invalidReason(blocks[Int(stored)].hash) == nil else { exit(8) }
        }
        let reader = try ChainReader(dataDirectory: folder.path)
        #expect(try reader.head().header.number > 0)
        #expect(try reader.verify(evaluator: HashEvaluator(), clock: { ChainFixture.now }).ok)
    }
}
