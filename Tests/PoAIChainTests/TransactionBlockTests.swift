import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITrie
import PoAITypes
import Testing

@Suite("Blocks with transactions")
struct TransactionBlockTests {
    private typealias Fixture = TransactionFixture

    @Test func transfersMovePayBurnAndAreFound() throws {
        let fixture = try Fixture()
        let (first, second) = (fixture.transfer(nonce: 0), fixture.transfer(from: 1, nonce: 0, tip: 7))
        let block = try fixture.mine([first, second])
        let reader = fixture.chain.reader
        let baseFee = block.header.baseFeePerGas
        #expect(try reader.balance(testAddress(50)) == UInt256(10))
        for (sender, tip) in [(0, 3), (1, 7)] as [(Int, UInt64)] {
            let cost = UInt256(21_000) &* (baseFee &+ UInt256(tip)) &+ UInt256(5)
            #expect(try reader.account(Fixture.senders[sender])?.balance == Fixture.funds &- cost)
            #expect(try reader.account(Fixture.senders[sender])?.nonce == 1)
        }
        let reward = fixture.chain.spec.initialSubsidy &+ UInt256(21_000 * 10)
        #expect(try reader.balance(Fixture.miner) == reward)
        #expect(block.header.gasUsed == 42_000)
        let receipts = try #require(try reader.receipts(of: block.hash))
        #expect(receipts.map(\.cumulativeGasUsed) == [21_000, 42_000] && receipts.allSatisfy(\.succeeded))
        #expect(try reader.transactionLocation(second.hash) == TransactionLocation(height: 1, index: 1))
        #expect(try reader.transactionLocation(.zero) == nil)
        #expect(try reader.block(block.hash) == block)
        // The next base fee follows from how full the block was.
        let next = BaseFee.next(
            parentBaseFee: baseFee, parentGasUsed: 42_000, parentGasLimit: block.header.gasLimit)
        #expect(try fixture.mine().header.baseFeePerGas == next)
        #expect(try fixture.verify().ok)
    }

    /// So many that another thread may encode what is stored about them.
    @Test func manyTransactionsAreStoredInTheirOrder() throws {
        let fixture = try Fixture()
        let sent = (0..<40).map { fixture.transfer(nonce: $0, to: testAddress(UInt8(50 + $0 % 7))) }
        let block = try fixture.mine(sent)
        let reader = fixture.chain.reader
        let receipts = try #require(try reader.receipts(of: block.hash))
        #expect(receipts.map(\.cumulativeGasUsed) == (1...40).map { 21_000 * $0 })
        for (index, transaction) in sent.enumerated() {
            let location = TransactionLocation(height: 1, index: UInt32(index))
            #expect(try reader.transactionLocation(transaction.hash) == location)
        }
        // Compares the undo record with one made anew.
        #expect(try fixture.verify().ok)
    }

    @Test func contractsKeepCodeStorageAndLogs() throws {
        let fixture = try Fixture()
        let reader = fixture.chain.reader
        let contract = StoreContract.address(sender: Fixture.senders[0], nonce: 0)
        let deployed = try fixture.mine([fixture.send(nonce: 0, to: nil, data: StoreContract.initcode)])
        let calls = try fixture.mine([
            fixture.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 99)),
            fixture.send(nonce: 2, to: contract, data: StoreContract.call(slot: 6, word: 7)),
        ])
        let cleared = try fixture.mine([
            fixture.send(nonce: 3, to: contract, data: StoreContract.call(slot: 5, word: 0))
        ])
        let words = { (hash: Hash32) in
            try reader.withState(at: hash) { (state) throws(StorageError) in
                [try state.storage(contract, UInt256(5)), try state.storage(contract, UInt256(6))]
            }
        }
        #expect(try words(deployed.hash) == [.zero, .zero])
        #expect(try words(calls.hash) == [UInt256(99), UInt256(7)])
        #expect(try words(cleared.hash) == [.zero, UInt256(7)])
        let account = try #require(try reader.account(contract))
        #expect(account.codeHash == Keccak256.hash(StoreContract.runtime) && account.nonce == 1)
        let log = try #require(try reader.receipts(of: calls.hash)?.first?.logs.first)
        #expect(log == Log(address: contract, topics: [UInt256(5).bigEndianHash], data: []))
        #expect(calls.header.logsBloom.mayContain(contract) && !deployed.header.logsBloom.mayContain(contract))
        #expect(try fixture.verify().ok)
    }

    @Test func proofsVerifyAgainstTheHeader() throws {
        let fixture = try Fixture()
        let contract = StoreContract.address(sender: Fixture.senders[0], nonce: 0)
        try fixture.mine([fixture.send(nonce: 0, to: nil, data: StoreContract.initcode)])
        let old = try fixture.mine([fixture.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 99))])
        try fixture.mine([fixture.send(nonce: 2, to: contract, data: StoreContract.call(slot: 5, word: 1))])
        let proof = try #require(
            try fixture.chain.reader.withState(at: old.hash) { (state) throws(StorageError) in
                try state.proof(of: contract, slots: [UInt256(5), UInt256(6)])
            })
        let account = try #require(proof.account)
        let key = Keccak256.hash(contract.bytes).bytes
        #expect(try TrieProof.verify(root: old.header.stateRoot, key: key, nodes: proof.nodes) == account.rlpEncoded())
        for (slot, value) in zip(proof.storage, [UInt256(99), .zero]) {
            #expect(slot.value == value)
            let key = Keccak256.hash(slot.slot.bigEndianBytes).bytes
            let proven = try TrieProof.verify(root: account.storageRoot, key: key, nodes: slot.nodes)
            #expect(proven == (value.isZero ? nil : RLP.encode(.uint(value))))
        }
        var nodes = proof.nodes
        nodes[0][10] ^= 1
        #expect(throws: TrieProofError.self) {
            try TrieProof.verify(root: old.header.stateRoot, key: key, nodes: nodes)
        }
        let absent = try #require(
            try fixture.chain.reader.withState(at: old.hash) { (state) throws(StorageError) in
                try state.proof(of: testAddress(77), slots: [])
            })
        let absentKey = Keccak256.hash(testAddress(77).bytes).bytes
        #expect(absent.account == nil)
        #expect(try TrieProof.verify(root: old.header.stateRoot, key: absentKey, nodes: absent.nodes) == nil)
    }

    @Test func reorganizationsTakeContractsBackAndForth() throws {
        let one = try Fixture()
        let two = try Fixture()
        let contract = StoreContract.address(sender: Fixture.senders[0], nonce: 0)
        let create = one.send(nonce: 0, to: nil, data: StoreContract.initcode)
        let store = one.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 99))
        try one.mine([create])
        try one.mine([store])
        // The other branch has the contract too, with another word, and is longer.
        try two.mine(miner: testAddress(8))
        try two.mine([create, two.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 4))])
        try two.mine([two.transfer(nonce: 2)])
        let branch = try (1...3).map { try #require(try two.chain.reader.block(at: UInt64($0))) }
        let outcomes = try one.chain.importBatch(branch)
        guard case .newHead(let change) = outcomes[2] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(change.isReorganization && change.removed.count == 2)
        #expect(try one.chain.reader.transactionLocation(store.hash) == nil)
        #expect(try one.chain.reader.transactionLocation(create.hash) == TransactionLocation(height: 2, index: 0))
        let word = try one.chain.reader.withState(at: change.head.hash) { (state) throws(StorageError) in
            try state.storage(contract, UInt256(5))
        }
        #expect(word == UInt256(4))
        #expect(try one.chain.reader.account(Fixture.senders[0])?.nonce == 3)
        #expect(try one.verify().ok)
        #expect(one.chain.head.hash == two.chain.head.hash)
    }

    @Test func whatIsInvalidStaysOutOfTemplatesAndMakesBlocksInvalid() throws {
        let fixture = try Fixture()
        let good = fixture.transfer(nonce: 0)
        let bad = [
            fixture.transfer(nonce: 2), fixture.transfer(from: 1, nonce: 0, value: Fixture.funds),
            TransactionFields.legacy(chainID: 8, nonce: 0, gasPrice: 2_000_000_000, gasLimit: 21_000, to: .zero)
                .signed(by: Fixture.keys[2]),
        ]
        #expect(try fixture.block([good] + bad).transactions == [good])
        for transaction in bad {
            var block = try fixture.block([good])
            block.transactions.append(transaction)
            block.header.transactionsRoot = OrderedTrie.root(of: block.transactions)
            block = ChainModel.sealed(block.header, fixture.chain.head.expectations)
            block.transactions = [good, transaction]
            let outcome = try fixture.chain.import(block)
            guard case .rejected(.transaction(index: 1, _)) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(try fixture.chain.reader.invalidReason(block.hash)?.contains("transaction 1") == true)
        }
        #expect(fixture.chain.head.header.number == 0)
        try fixture.mine([good])
    }

    @Test func pruningDropsBodiesReceiptsAndIndexButNoState() throws {
        let fixture = try Fixture(pruneDepth: 2)
        let reader = fixture.chain.reader
        let contract = StoreContract.address(sender: Fixture.senders[0], nonce: 0)
        let create = fixture.send(nonce: 0, to: nil, data: StoreContract.initcode)
        let first = try fixture.mine([create])
        try fixture.mine([fixture.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 99))])
        for _ in 0..<4 { try fixture.mine() }
        #expect(try reader.transactionLocation(create.hash) == nil)
        #expect(throws: ChainError.self) { try reader.receipts(of: first.hash) }
        #expect(throws: ChainError.self) { try reader.withState(at: first.hash) { _ in } }
        let word = try reader.withState(at: fixture.chain.head.hash) { (state) throws(StorageError) in
            try state.storage(contract, UInt256(5))
        }
        #expect(word == UInt256(99))
        #expect(try fixture.verify().ok)
    }

    @Test func forgedContractsReceiptsAndPlacesAreFound() throws {
        try expectFound("words of account") { (contract, _, transaction) throws(StorageError) in
            let key = StorageKey(address: contract, slot: UInt256(5))
            try ChainTables.storage.put(key, UInt256(98), in: transaction)
        }
        try expectFound("words and") { (_, _, transaction) throws(StorageError) in
            let key = StorageKey(address: testAddress(50), slot: .one)
            try ChainTables.storage.put(key, .one, in: transaction)
        }
        try expectFound("storage node") { (contract, _, transaction) throws(StorageError) in
            let key = StorageNodeKey(address: contract, path: .root)
            try ChainTables.storageNodes.put(key, StoredBytes([0xC0]), in: transaction)
        }
        try expectFound("the code of account") { (_, _, transaction) throws(StorageError) in
            let hash = Keccak256.hash(StoreContract.runtime)
            try ChainTables.code.put(hash, StoredBytes([0]), in: transaction)
        }
        try expectFound("receipts") { (_, block, transaction) throws(StorageError) in
            try ChainTables.receipts.put(block.hash, StoredBytes([0xC0]), in: transaction)
        }
        try expectFound("index of transactions") { (_, block, transaction) throws(StorageError) in
            try ChainTables.transactions.delete(block.transactions[0].hash, in: transaction)
        }
    }

    private func expectFound(
        _ text: String, _ change: (Address, Block, WriteTransaction) throws(StorageError) -> Void
    ) throws {
        let fixture = try Fixture()
        let contract = StoreContract.address(sender: Fixture.senders[0], nonce: 0)
        try fixture.mine([fixture.send(nonce: 0, to: nil, data: StoreContract.initcode)])
        let block = try fixture.mine([
            fixture.send(nonce: 1, to: contract, data: StoreContract.call(slot: 5, word: 99)),
            fixture.send(nonce: 2, to: contract, data: StoreContract.call(slot: 6, word: 1)),
        ])
        try fixture.chain.reader.folder.environment.write { (transaction) throws(StorageError) in
            try change(contract, block, transaction)
            return .commit(())
        }
        let failure = try fixture.verify().failure?.description ?? "nothing found"
        #expect(failure.contains(text), "\(failure)")
    }
}
