import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITrie
import PoAITypes
import Testing

@Suite struct VerifyTests {
    private func grown() throws -> ChainFixture {
        var fixture = try ChainFixture()
        try fixture.grow(9, miner: 1)
        let fork = fixture.model.head
        try fixture.grow(2, miner: 2)
        for block in try fixture.model.branch(on: fork, count: 4, miner: testAddress(3)) {
            _ = try fixture.chain.import(block)
            fixture.model.accept(block)
        }
        return fixture
    }

    @Test func rangesAreChecked() throws {
        let fixture = try grown()
        #expect(fixture.chain.head.header.number == 13)
        for (from, to): (UInt64, UInt64?) in [(1, nil), (1, 5), (5, nil), (5, 9), (13, 13), (0, 13), (0, 0)] {
            let report = try fixture.verify(from: from, to: to)
            #expect(report.ok, "\(report.failure?.description ?? "")")
            #expect(report.blocks == (to ?? 13) + 1 - max(from, 1))
            #expect(report.stateFrom == max(from, 1) || to == 0)
        }
        #expect(throws: ChainError.noBlock(height: 14, head: 13)) { try fixture.verify(from: 1, to: 14) }
        #expect(throws: ChainError.noBlock(height: 14, head: 13)) { try fixture.verify(from: 14) }
        #expect(throws: ChainError.noBlock(height: 9, head: 13)) { try fixture.verify(from: 9, to: 8) }
    }

    @Test func anotherModelIsFoundOut() throws {
        struct Other: SealEvaluator {
            let batchSize = 3
            func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
                batch.map {
                    var result = HashEvaluator.evaluate($0.quizSeed)
                    if $0.header.number == 7 { result.loss ^= 1 }
                    return result
                }
            }
        }
        let fixture = try grown()
        let report = try fixture.chain.reader.verify(evaluator: Other(), clock: { ChainFixture.now })
        #expect(report.failure?.number == 7)
        #expect(report.failure?.detail.contains("loss is") == true)
        #expect(report.blocks == 6)
    }

    /// Writes into the database behind the chain's back, checksums right, and expects verify to name the fault.
    private func expectFound(
        _ text: String, _ change: (ChainFixture, WriteTransaction) throws(StorageError) -> Void
    ) throws {
        let fixture = try grown()
        try fixture.chain.reader.folder.environment.write { (transaction) throws(StorageError) in
            try change(fixture, transaction)
            return .commit(())
        }
        let report = try fixture.verify()
        #expect(report.failure?.description.contains(text) == true, "\(report.failure?.description ?? "nothing found")")
    }

    @Test func forgedRecordsAreFound() throws {
        try expectFound("the stored accounts have stateRoot") { (_, transaction) throws(StorageError) in
            try ChainTables.accounts.put(testAddress(1), Account(balance: .one), in: transaction)
        }
        try expectFound("the stored accounts have stateRoot") { (_, transaction) throws(StorageError) in
            try ChainTables.accounts.delete(testAddress(200), in: transaction)
        }
        try expectFound("trie node") { (_, transaction) throws(StorageError) in
            try ChainTables.trieNodes.put(.root, StoredBytes([0xC0]), in: transaction)
        }
        try expectFound("trie nodes, expected") { (_, transaction) throws(StorageError) in
            try ChainTables.trieNodes.put(.init([1, 2, 3, 4, 5]), StoredBytes([0xC0]), in: transaction)
        }
        try expectFound("undo record") { (_, transaction) throws(StorageError) in
            guard var record = try ChainTables.undo.get(4, in: transaction) else { return }
            record.change.accounts = []
            try ChainTables.undo.put(4, record, in: transaction)
        }
        try expectFound("undo record") { (_, transaction) throws(StorageError) in
            try ChainTables.undo.delete(4, in: transaction)
        }
        try expectFound("accumulated work") { (fixture, transaction) throws(StorageError) in
            try ChainTables.work.put(fixture.model.head, .one, in: transaction)
        }
        try expectFound("the header has hash") { (fixture, transaction) throws(StorageError) in
            var header = fixture.model.headNode.header
            header.nonce ^= 1
            try ChainTables.headers.put(fixture.model.head, header, in: transaction)
        }
        try expectFound("missing") { (fixture, transaction) throws(StorageError) in
            try ChainTables.bodies.delete(fixture.model.head, in: transaction)
        }
        try expectFound("transaction 0") { (fixture, transaction) throws(StorageError) in
            let body = StoredBytes(RLP.encode(.list([.list([.list([])]), .list([])])))
            try ChainTables.bodies.put(fixture.model.head, body, in: transaction)
        }
        try expectFound("its transactions have transactionsRoot") { (fixture, transaction) throws(StorageError) in
            let foreign = TransactionFields.legacy(chainID: 7, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: .zero)
            let item = foreign.signed(by: .generate()).rlpItem
            let body = StoredBytes(RLP.encode(.list([.list([item]), .list([])])))
            try ChainTables.bodies.put(fixture.model.head, body, in: transaction)
        }
        try expectFound("the index has height") { (_, transaction) throws(StorageError) in
            try ChainTables.canonical.delete(5, in: transaction)
        }
        try expectFound("but the head is") { (fixture, transaction) throws(StorageError) in
            try ChainTables.setHead(fixture.model.headNode.header.parentHash, in: transaction)
        }
        try expectFound("index by height") { (fixture, transaction) throws(StorageError) in
            let key = HeightAndHash(height: 13, hash: fixture.model.head)
            try ChainTables.heights.delete(key, in: transaction)
        }
    }

    /// Flips single bits all over the file: verify finds each, or it is where nothing is stored and the chain is the same.
    @Test func flippedBitsInTheFileAreFoundOrDoNotMatter() throws {
        let spec = try testSpec()
        let folder: TemporaryDirectory
        let head: ChainHead
        do {
            let fixture = try grown()
            (folder, head) = (fixture.folder, fixture.chain.head)
        }
        let file = folder.path("data.mdb")
        let original = try #require(TestFile.read(file))
        var random = DeterministicRandom(seed: 5)
        var found = 0
        for _ in 0..<400 {
            var bytes = original
            bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
            #expect(TestFile.write(bytes, to: file))
            do throws(ChainError) {
                let reader = try ChainReader(dataDirectory: folder.path)
                let report = try reader.verify(evaluator: HashEvaluator(), clock: { ChainFixture.now })
                if report.ok {
                    #expect(try reader.head() == head)
                    #expect(report.blocks == 13)
                } else {
                    found += 1
                }
            } catch {
                #expect("\(error)".contains(folder.path))
                found += 1
            }
        }
        #expect(found > 20)
        #expect(TestFile.write(original, to: file))
        #expect(try ChainFixture.open(folder, spec).head == head)
    }
}
