import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

@Suite struct TrieStoreTests {
    struct DiskError: Error, Equatable {}

    /// A store that fails, forgets or changes one node.
    struct FaultyStore: TrieNodeReader {
        enum Fault { case fails, forgets, flips }
        var store: MemoryTrieNodes
        var path: TriePath
        var fault: Fault

        func node(at path: TriePath) throws(DiskError) -> [UInt8]? {
            let node = store.node(at: path)
            guard path == self.path else { return node }
            switch fault {
            case .fails: throw DiskError()
            case .forgets: return nil
            case .flips:
                guard var changed = node else { return nil }
                changed[changed.count / 2] ^= 1
                return changed
            }
        }
    }

    @Test func emptyTrie() throws {
        #expect(EmptyTrie.root.hex == "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
        let empty = MerkleTrie(root: EmptyTrie.root, reader: NoTrieNodes())
        #expect(try empty.value(for: [1]) == nil && empty.proof(for: [1]).isEmpty)
        #expect(try empty.updated([]) == TrieCommit(root: EmptyTrie.root, changes: [], inverse: []))
        #expect(try empty.updated([TrieUpdate(key: [1], value: nil)]).changes.isEmpty)
        #expect(OrderedTrie.root([]) == EmptyTrie.root)
    }

    /// Every stored node matters: with any of them wrong, the walk and the reading of a key below it fail by name.
    @Test func faultsAreFound() throws {
        var random = DeterministicRandom(seed: 3)
        var sample = CheckedTrie()
        try sample.apply((0..<200).map { _ in TrieUpdate(key: random.bytes(32), value: random.bytes(33)) })
        let paths = sample.store.paths
        #expect(paths.count > 200)
        for path in paths {
            let node = try #require(sample.store.node(at: path))
            let hash = Keccak256.hash(node)
            let key = try #require(sample.values.keys.first { TriePath(key: $0).nibbles.starts(with: path.nibbles) })
            func expect(_ fault: FaultyStore.Fault, _ error: TrieError<DiskError>) {
                let reader = FaultyStore(store: sample.store, path: path, fault: fault)
                let trie = MerkleTrie(root: sample.root, reader: reader)
                #expect(throws: error) { try trie.walk { _ in } }
                #expect(throws: error) { try trie.value(for: key) }
                #expect(throws: error) { try trie.proof(for: key) }
                #expect(throws: error) { try trie.updated([TrieUpdate(key: key, value: nil)]) }
            }
            var flipped = node
            flipped[node.count / 2] ^= 1
            expect(.fails, .reading(path: path, DiskError()))
            expect(.forgets, .missing(path: path, expected: hash))
            expect(.flips, .mismatch(path: path, expected: hash, got: Keccak256.hash(flipped)))
        }
    }

    /// A store with right hashes, but not in the form a trie has.
    @Test func wrongShapesAreFound() throws {
        // A branch of two leaves of 32 bytes and more, with one of them replaced by a smaller stored node.
        let leaf = RLP.encode(.list([.bytes([0x20]), .bytes([1])]))
        let other = RLP.encode(.list([.bytes([0x20]), .bytes([UInt8](repeating: 2, count: 40))]))
        var items = [RLPItem](repeating: .bytes([]), count: 17)
        items[0] = .hash(Keccak256.hash(leaf))
        items[1] = .hash(Keccak256.hash(other))
        let branch = RLP.encode(.list(items))
        let lower = RLP.encode(.list([.bytes([0x11]), .hash(Keccak256.hash(other))]))
        var store = MemoryTrieNodes()
        store.apply([
            TrieNodeChange(path: .root, node: branch), TrieNodeChange(path: TriePath([0]), node: leaf),
            TrieNodeChange(path: TriePath([1]), node: other),
        ])
        let trie = MerkleTrie(root: Keccak256.hash(branch), reader: store)
        #expect(throws: TrieError<Never>.malformed(path: TriePath([0]), .childReference(got: leaf.count))) {
            try trie.walk { _ in }
        }
        // An extension before a leaf.
        store.apply([TrieNodeChange(path: .root, node: lower), TrieNodeChange(path: TriePath([1]), node: other)])
        #expect(throws: TrieError<Never>.malformed(path: .root, .extensionWithoutBranch)) {
            try MerkleTrie(root: Keccak256.hash(lower), reader: store).walk { _ in }
        }
    }

    @Test func accounts() throws {
        var random = DeterministicRandom(seed: 4)
        let address = try #require(Address(random.bytes(20)))
        let account = Account(
            nonce: 7, balance: UInt256.one << 200, storageRoot: random.hash(), codeHash: random.hash())
        #expect(try Account(rlp: account.rlpEncoded()) == account)
        let plain = Account(balance: 5)
        // 0xf8 0x44, empty nonce, balance 5, and the two well-known hashes.
        #expect(
            Hex.encode(plain.rlpEncoded())
                == "f8448005a056e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
                + "a0c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
        #expect(Account().isEmpty && !plain.isEmpty && !Account(nonce: 1).isEmpty && !account.isEmpty)
        #expect(throws: RLPError.wrongCount(expected: 4, got: 0)) { try Account(rlp: [0xC0]) }
        #expect(throws: RLPError.expectedList) { try Account(rlp: [0x80]) }

        var store = MemoryTrieNodes()
        var state = SecureTrie(root: EmptyTrie.root, reader: store)
        let commit = try state.updated([TrieUpdate(address: address, account: account)])
        store.apply(commit.changes)
        state = SecureTrie(root: commit.root, reader: store)
        #expect(try state.account(address) == account)
        #expect(try state.account(.zero) == nil)
        #expect(try state.value(for: address.bytes) == account.rlpEncoded())
        let proof = try state.proof(for: address.bytes)
        let key = Keccak256.hash(address.bytes).bytes
        #expect(try TrieProof.verify(root: commit.root, key: key, nodes: proof) == account.rlpEncoded())
        #expect(try state.updated([TrieUpdate(address: address, account: nil)]).root == EmptyTrie.root)

        let broken = try state.updated([TrieUpdate(key: address.bytes, value: [0x80])])
        store.apply(broken.changes)
        #expect(throws: TrieError<Never>.malformed(path: TriePath(key: key), .rlp(.expectedList))) {
            try SecureTrie(root: broken.root, reader: store).account(address)
        }
    }
}
