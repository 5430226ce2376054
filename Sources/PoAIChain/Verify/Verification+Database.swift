import PoAIConsensus
import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// What the index tables say, after they were found to agree.
struct ChainIndex {
    var head: BlockReference
    var headRoot: Hash32
    var oldestKept: UInt64
}

extension Verification {
    /// Reads every record of the tables of blocks, which checks its bytes, and checks that the tables agree.
    func checkIndex() throws(VerifyStop) -> ChainIndex {
        let (hash, header, oldest) = try looking { () throws(StorageError) in
            let hash = try ChainTables.head(in: snapshot)
            return (hash, try snapshot.requireHeader(hash), try ChainTables.oldestKept(in: snapshot))
        }
        let head = BlockReference(number: header.number, hash: hash)
        try checkCanonical(head)
        let blocks = try checkHeaders()
        try checkBodies(blocks: blocks, oldest: oldest)
        try checkUndo(head: head.number, oldest: oldest)
        try looking { () throws(StorageError) in
            try ChainTables.invalid.forEach(in: snapshot) { _, _ in true }
        }
        return ChainIndex(head: head, headRoot: header.stateRoot, oldestKept: oldest)
    }

    /// Heights from 0 to the head without a gap, each the parent of the next, from the spec's genesis.
    private func checkCanonical(_ head: BlockReference) throws(VerifyStop) {
        var next: UInt64 = 0
        var parent = Hash32.zero
        var wrong: VerifyStop?
        try looking { () throws(StorageError) in
            try ChainTables.canonical.forEach(in: snapshot) { (height, hash) throws(StorageError) in
                let header = try snapshot.requireHeader(hash)
                if height != next || header.number != height {
                    wrong = fail("the index has height \(height) with block \(header.number), expected \(next)", height)
                } else if header.parentHash != parent {
                    wrong = fail("its parent is \(header.parentHash), expected \(parent)", height, hash)
                }
                (next, parent) = (height &+ 1, hash)
                return wrong == nil
            }
        }
        if let wrong { throw wrong }
        guard next == head.number &+ 1, parent == head.hash else {
            throw fail("the chain ends with \(next) blocks and hash \(parent), but the head is \(head)")
        }
        let (genesis, stored) = try looking { () throws(StorageError) in
            let (_, root) = try Execution.genesis(spec)
            return (spec.genesisHeader(stateRoot: root).hash, try snapshot.requireCanonical(0))
        }
        guard genesis == stored else { throw fail("it is \(stored), but the chain spec gives \(genesis)", 0) }
    }

    /// Every header has its hash for key, its work, and its entry by height. Returns how many there are.
    private func checkHeaders() throws(VerifyStop) -> Int {
        var wrong: VerifyStop?
        let (headers, works, heights) = try looking { () throws(StorageError) in
            try ChainTables.headers.forEach(in: snapshot) { (hash, header) throws(StorageError) in
                let parentWork =
                    header.number == 0 ? UInt256.zero : try snapshot.requireWork(header.parentHash)
                let work = try snapshot.requireWork(hash)
                let key = HeightAndHash(height: header.number, hash: hash)
                if header.hash != hash {
                    wrong = fail("the header has hash \(header.hash)", header.number, hash)
                } else if ForkChoice.totalWork(parentTotal: parentWork, bits: header.bits) != work {
                    wrong = fail("its accumulated work is recorded as \(work)", header.number, hash)
                } else if try ChainTables.heights.get(key, in: snapshot) == nil {
                    wrong = fail("it is missing from the index by height", header.number, hash)
                }
                return wrong == nil
            }
            return (
                try ChainTables.headers.count(in: snapshot), try ChainTables.work.count(in: snapshot),
                try ChainTables.heights.count(in: snapshot)
            )
        }
        if let wrong { throw wrong }
        guard headers == works, headers == heights else {
            throw fail("\(headers) headers, but \(works) records of work and \(heights) entries by height")
        }
        return headers
    }

    /// Every block from the pruned height on has a body that belongs to it, canonical or not; genesis may have one.
    private func checkBodies(blocks: Int, oldest: UInt64) throws(VerifyStop) {
        var wrong: VerifyStop?
        var bodies = 0
        try looking { () throws(StorageError) in
            try ChainTables.heights.forEach(in: snapshot) { (key, _) throws(StorageError) in
                if key.height >= oldest || key.height == 0 {
                    bodies += 1
                    let block = try snapshot.requireBlock(key.hash)
                    if block.hash != key.hash {
                        wrong = fail("the bytes have hash \(block.hash)", key.height, key.hash)
                    }
                }
                return wrong == nil
            }
            let stored = try ChainTables.bodies.count(in: snapshot)
            if wrong == nil, stored != bodies { wrong = fail("\(stored) bodies, expected \(bodies)") }
        }
        if let wrong { throw wrong }
    }

    /// Undo records for exactly the canonical heights from the pruned height on.
    private func checkUndo(head: UInt64, oldest: UInt64) throws(VerifyStop) {
        var next = max(oldest, 1)
        var wrong: VerifyStop?
        try looking { () throws(StorageError) in
            try ChainTables.undo.forEach(in: snapshot) { (height, record) throws(StorageError) in
                let canonical = try snapshot.requireCanonical(height)
                if height != next || record.blockHash != canonical {
                    wrong = fail("undo record of block \(record.blockHash), expected height \(next)", height, canonical)
                }
                next = height &+ 1
                return wrong == nil
            }
        }
        if let wrong { throw wrong }
        guard next == head &+ 1 || head < oldest else { throw fail("undo records end before height \(next)") }
    }

    /// Builds the trie of the stored accounts anew: its root must be the head's, its nodes those stored. Returns the
    /// number of accounts.
    func checkHeadState(_ expected: Hash32) throws(VerifyStop) -> UInt64 {
        let (accounts, rebuilt) = try looking { () throws(StorageError) in
            var accounts: [AccountChange] = []
            try ChainTables.accounts.forEach(in: snapshot) { address, account in
                accounts.append(AccountChange(address, account))
                return true
            }
            return (
                accounts.count, try StateChange.setting(accounts, on: EmptyState(), root: EmptyTrie.root)
            )
        }
        guard rebuilt.root == expected else {
            throw fail("the stored accounts have stateRoot \(rebuilt.root), the head expects \(expected)")
        }
        var wrong: VerifyStop?
        var nodes = rebuilt.change.nodes[...]
        try looking { () throws(StorageError) in
            for node in nodes where try ChainTables.trieNodes.get(node.path, in: snapshot)?.bytes != node.node {
                wrong = fail("the stored trie node at \(node.path) is not that of the stored accounts")
                return
            }
            let count = try ChainTables.trieNodes.count(in: snapshot)
            if count != nodes.count { wrong = fail("\(count) trie nodes, expected \(nodes.count)") }
            try ChainTables.trieNodes.forEach(in: snapshot) { _, _ in true }
        }
        nodes = []
        if let wrong { throw wrong }
        try checkContracts()
        return UInt64(accounts)
    }

    /// Builds the storage trie of every account anew: root and nodes must be those stored. All code must be there.
    private func checkContracts() throws(VerifyStop) {
        var (words, nodes) = (0, 0)
        let accounts = try looking { () throws(StorageError) in
            var accounts: [(Address, Account)] = []
            try ChainTables.accounts.forEach(in: snapshot) { address, account in
                if account.storageRoot != EmptyTrie.root || account.codeHash != Account.emptyCodeHash {
                    accounts.append((address, account))
                }
                return true
            }
            return accounts
        }
        for (address, account) in accounts {
            let counts = try checkContract(address, account)
            words += counts.words
            nodes += counts.nodes
        }
        let (storedWords, storedNodes) = try looking { () throws(StorageError) in
            try ChainTables.code.forEach(in: snapshot) { _, _ in true }
            return (try ChainTables.storage.count(in: snapshot), try ChainTables.storageNodes.count(in: snapshot))
        }
        guard (storedWords, storedNodes) == (words, nodes) else {
            throw fail("\(storedWords) words and \(storedNodes) nodes of storage, expected \(words) and \(nodes)")
        }
    }

    private func checkContract(
        _ address: Address, _ account: Account
    ) throws(VerifyStop) -> (words: Int, nodes: Int) {
        let (slots, commit, code) = try looking { () throws(StorageError) in
            var slots: [SlotChange] = []
            try ChainTables.storage.forEach(in: snapshot, from: StorageKey(address: address, slot: .zero)) {
                key, word in
                guard key.address == address else { return false }
                slots.append(SlotChange(slot: key.slot, value: word))
                return true
            }
            let diff = AccountDiff(address: address, state: AccountState(), storage: slots)
            let rebuilt = try StateChange.applying(StateDiff(accounts: [diff]), on: EmptyState(), root: EmptyTrie.root)
            return (slots, rebuilt.change, try StoredState(snapshot).code(account.codeHash))
        }
        guard let code, Keccak256.hash(code) == account.codeHash else {
            throw fail("the code of account \(address) is missing or has another hash than \(account.codeHash)")
        }
        let root = commit.accounts.first?.account?.storageRoot ?? EmptyTrie.root
        guard root == account.storageRoot else {
            throw fail("the stored words of account \(address) have root \(root), expected \(account.storageRoot)")
        }
        let nodes = commit.storage.first?.nodes ?? []
        var wrong: VerifyStop?
        try looking { () throws(StorageError) in
            for node in nodes
            where try StoredState(snapshot).storageNode(of: address, at: node.path) != node.node {
                wrong = fail("the storage node at \(node.path) of account \(address) is not that of the stored words")
            }
        }
        if let wrong { throw wrong }
        return (slots.count, nodes.count)
    }

    /// The receipts of a canonical block and the places of its transactions are stored as executing it gives them.
    func checkRecords(of executed: Executed) throws(VerifyStop) {
        let number = executed.block.header.number
        let (stored, locations) = try looking { () throws(StorageError) in
            var locations: [TransactionLocation?] = []
            for sent in executed.block.transactions {
                locations.append(try ChainTables.transactions.get(sent.hash, in: snapshot))
            }
            return (try ChainTables.receipts.get(executed.hash, in: snapshot), locations)
        }
        let receipts = RLP.encode(.list(executed.receipts.map { .bytes($0.encoded()) }))
        guard stored?.bytes == receipts else {
            throw fail("its stored receipts are not what executing the block gives", number, executed.hash)
        }
        for (index, location) in locations.enumerated()
        where location != TransactionLocation(height: number, index: UInt32(clamping: index)) {
            throw fail("transaction \(index) is missing from the index of transactions", number, executed.hash)
        }
    }

    func genesisState() throws(VerifyStop) -> StateChange {
        try looking { () throws(StorageError) in try Execution.genesis(spec).change }
    }

    /// Every account and node of a state executed again is stored as executed.
    func compareWithStored(_ change: StateChange) throws(VerifyStop) {
        var wrong: VerifyStop?
        try looking { () throws(StorageError) in
            for entry in change.accounts
            where try ChainTables.accounts.get(entry.address, in: snapshot) != entry.account {
                wrong = fail("account \(entry.address) is not stored as executing the chain leaves it")
            }
            for entry in change.storage {
                for word in entry.slots
                where try StoredState(snapshot).storage(entry.address, word.slot) != word.value {
                    wrong = fail("storage of \(entry.address) is not stored as executing the chain leaves it")
                }
            }
            for entry in change.nodes
            where try ChainTables.trieNodes.get(entry.path, in: snapshot)?.bytes != entry.node {
                wrong = fail("trie node at \(entry.path) is not stored as executing the chain leaves it")
            }
        }
        if let wrong { throw wrong }
    }
}
