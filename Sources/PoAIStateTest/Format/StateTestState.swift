import PoAIEVM
import PoAIPrimitives
import PoAITrie

/// An account of a test.
struct StateTestAccount {
    var nonce: UInt64 = 0
    var balance = UInt256.zero
    var code: [UInt8] = []
    var codeHash = Keccak256.empty
    /// Slots that are not zero.
    var storage: [UInt256: UInt256] = [:]
}

/// A whole state in memory.
struct StateTestState: StateView {
    private var accounts: [Address: StateTestAccount] = [:]

    /// Reads the `pre` of a test.
    init(_ field: StateTestField) throws(StateTestError) {
        for (key, field) in try field.fields() {
            guard let address = try? Address(Hex.decode(key)) else { throw field.fault("an address as its key") }
            var account = StateTestAccount(
                nonce: try field.field("nonce").number(), balance: try field.field("balance").word(),
                code: try field.field("code").bytes())
            account.codeHash = Keccak256.hash(account.code)
            for (slot, value) in try field.field("storage").fields() {
                guard let slot = try? UInt256(hex: slot) else { throw value.fault("a slot as its key") }
                let word = try value.word()
                if !word.isZero { account.storage[slot] = word }
            }
            accounts[address] = account
        }
    }

    func account(_ address: Address) throws(Never) -> AccountState? {
        accounts[address].map { AccountState(nonce: $0.nonce, balance: $0.balance, codeHash: $0.codeHash) }
    }

    func code(_ hash: Hash32) throws(Never) -> [UInt8] {
        accounts.values.first { $0.codeHash == hash }?.code ?? []
    }

    func storage(_ address: Address, _ slot: UInt256) throws(Never) -> UInt256 {
        accounts[address]?.storage[slot] ?? .zero
    }

    func hasStorage(_ address: Address) throws(Never) -> Bool { accounts[address]?.storage.isEmpty == false }

    /// As the makers of the tests agreed: Keccak-256 of the number in decimal digits.
    func blockHash(_ number: UInt64) throws(Never) -> Hash32? { Keccak256.hash(Array("\(number)".utf8)) }

    /// Takes over what an execution changed.
    mutating func apply(_ diff: StateDiff) {
        for change in diff.accounts {
            guard let state = change.state else {
                accounts[change.address] = nil
                continue
            }
            var account = accounts[change.address] ?? StateTestAccount()
            account.nonce = state.nonce
            account.balance = state.balance
            account.codeHash = state.codeHash
            if let code = change.code { account.code = code }
            if change.isStorageCleared { account.storage = [:] }
            for slot in change.storage { account.storage[slot.slot] = slot.value.isZero ? nil : slot.value }
            accounts[change.address] = account
        }
    }

    /// The state root.
    var root: Hash32 {
        Self.root(
            of: accounts.map { address, account in
                let storage = account.storage.map { slot, value in
                    TrieUpdate(key: slot.bigEndianBytes, value: RLP.encode(.uint(value)))
                }
                let record = Account(
                    nonce: account.nonce, balance: account.balance, storageRoot: Self.root(of: storage),
                    codeHash: account.codeHash)
                return TrieUpdate(address: address, account: record)
            })
    }

    private static func root(of updates: [TrieUpdate]) -> Hash32 {
        if updates.isEmpty { return EmptyTrie.root }
        do {
            return try SecureTrie(root: EmptyTrie.root, reader: NoTrieNodes()).updated(updates).root
        } catch {
            preconditionFailure("a trie that grows from nothing reads no stored node: \(error)")
        }
    }
}
