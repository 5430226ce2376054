import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITrie
import Testing

/// Changes gathered in memory against changes written one after another.
@Suite struct StateBufferTests {
    private let folder: TemporaryDirectory
    private let environment: Environment

    init() throws {
        folder = try TemporaryDirectory()
        environment = try openEnvironment(folder)
    }

    /// Changes of few accounts, words and nodes, so that they meet.
    private struct Changes {
        var random: DeterministicRandom

        mutating func next() -> StateChange {
            var change = StateChange()
            for address in addresses(10) {
                let account = random.below(4) == 0 ? nil : Account(nonce: UInt64(random.below(100)))
                change.accounts.append(AccountChange(address, account))
            }
            change.nodes = nodes()
            for address in addresses(2) {
                var words: [SlotChange] = []
                for slot in UInt64(0)..<9 where random.below(2) == 0 {
                    words.append(SlotChange(slot: UInt256(slot), value: UInt256(UInt64(random.below(3)))))
                }
                change.storage.append(StorageChange(address, slots: words, nodes: nodes()))
            }
            let code = random.bytes(10)
            change.codes = [CodeChange(hash: Keccak256.hash(code), code: code)]
            return change
        }

        private mutating func addresses(_ count: Int) -> [Address] {
            var addresses: Set<Address> = []
            for _ in 0..<count { addresses.insert(Address(lastBytesOf: Keccak256.hash([UInt8(random.below(40))]))) }
            return addresses.sorted()
        }

        private mutating func nodes() -> [TrieNodeChange] {
            var paths: Set<TriePath> = []
            for _ in 0..<30 {
                var nibbles: [UInt8] = []
                for _ in 0..<random.below(3) { nibbles.append(UInt8(random.below(16))) }
                paths.insert(TriePath(nibbles))
            }
            var nodes: [TrieNodeChange] = []
            for path in paths.sorted() {
                nodes.append(TrieNodeChange(path: path, node: random.below(4) == 0 ? nil : random.bytes(40)))
            }
            return nodes
        }
    }

    private static let tables: [TableID] = [.accounts, .trieNodes, .storage, .storageNodes, .code]

    /// Everything in the tables of the state.
    private func stored() throws -> [[String]] {
        try environment.read { (snapshot) throws(StorageError) in
            var all: [[String]] = []
            for table in Self.tables {
                all.append(try content(RawTable(table), snapshot).map { "\($0.keyBytes): \($1.bytes)" })
            }
            return all
        }
    }

    /// With room for everything, for nothing, and for some changes.
    @Test(arguments: [1_000_000, 0, 20_000], [1, 2, 7])
    func tablesEndAsIfWrittenAtOnce(byteLimit: Int, count: Int) throws {
        var source = Changes(random: DeterministicRandom(seed: UInt64(byteLimit + count)))
        var changes: [StateChange] = []
        for _ in 0..<count { changes.append(source.next()) }
        try environment.write { (transaction) throws(StorageError) in
            for change in changes { try ChainTables.apply(change, in: transaction) }
            return .commit(())
        }
        let expected = try stored()
        #expect(expected.allSatisfy { !$0.isEmpty })
        try environment.write { (transaction) throws(StorageError) in
            for table in Self.tables {
                for (key, _) in try content(RawTable(table), transaction) {
                    try RawTable(table).delete(key, in: transaction)
                }
            }
            return .commit(())
        }
        try environment.write { (transaction) throws(StorageError) in
            let buffer = StateBuffer(transaction, byteLimit: byteLimit)
            let model = StateOverlay(on: EmptyState())
            for change in changes {
                try buffer.apply(change)
                model.apply(change)
                for entry in change.accounts {
                    #expect(try buffer.state.account(entry.address) == model.account(entry.address))
                }
                for entry in change.nodes {
                    #expect(try buffer.state.node(at: entry.path) == model.node(at: entry.path))
                }
            }
            try buffer.flush()
            try buffer.flush()
            return .commit(())
        }
        #expect(try stored() == expected)
    }

    /// Other threads may read beside a write transaction as long as it has not changed the state itself.
    @Test func aForkSeesTheSameOrIsNotToBeHad() throws {
        let path = TriePath([3])
        try environment.write { (transaction) throws(StorageError) in
            try ChainTables.trieNodes.put(path, StoredBytes([1]), in: transaction)
            return .commit(())
        }
        try environment.write { (transaction) throws(StorageError) in
            try ChainTables.setHead(.zero, in: transaction)
            let state = StateOverlay(on: StoredState(transaction))
            #expect(state.withFork { fork in try? fork.node(at: path) } == [1])
            state.apply(StateChange(nodes: [TrieNodeChange(path: path, node: [2])]))
            #expect(state.withFork { fork in try? fork.node(at: path) } == [2])
            try ChainTables.trieNodes.put(path, StoredBytes([3]), in: transaction)
            #expect(state.withFork { _ in true } == nil, "it would see the state before")
            return .abort(())
        }
        try environment.read { (snapshot) throws(StorageError) in
            let state = StoredState(snapshot)
            #expect(state.withFork { fork in try? fork.node(at: path) } == [1])
            try environment.write { (transaction) throws(StorageError) in
                try ChainTables.trieNodes.put(path, StoredBytes([4]), in: transaction)
                return .commit(())
            }
            #expect(state.withFork { _ in true } == nil, "it would see the state after")
        }
    }
}
