import PoAIPrimitives
import PoAITypes

/// The state of a block in execution: what was read of the view, what changed, and how to undo it.
///
/// Within a transaction every change is journalled, so that a call frame can be undone; the end of a transaction makes its
/// changes final. Accounts and slots are named by their numbers here.
package struct Journal: ~Copyable {
    let reader: ViewReader
    var accounts = RecordTable<AccountRecord>()
    var slots = RecordTable<SlotRecord>()
    var transients = RecordTable<TransientRecord>()
    var entries: [JournalEntry] = []
    /// Of the transaction.
    package var logs: [Log] = []
    /// Of the transaction; may be below zero in a frame, as refunds are taken back.
    package var refund: Int64 = 0
    /// Number of the transaction.
    var transaction: UInt32 = 0
    /// The accounts that the transaction touched, also where that was undone.
    var touched: [UInt32] = []
    /// The code at 0 is empty.
    var codes: [Code] = [Code.copy(of: [])]
    var codeNumbers: [Hash32: Int32] = [Keccak256.empty: 0]

    /// Number of the checkpoint in force and of the last one given.
    var checkpointInForce: UInt32 = 0
    var lastCheckpoint: UInt32 = 0

    init(reader: ViewReader) { self.reader = reader }

    /// A journal on a view, whose failures are not told.
    package init(view: some StateView) { self.init(reader: TypedReader(view)) }

    /// Number of the account at `address`, which need not exist.
    @inline(__always)
    package mutating func account(_ address: Address) -> Int {
        accounts.find(RecordKey(word: UInt256(address), scope: 0)) ?? load(address)
    }

    /// Number of the account whose address is the word, which has 20 bytes.
    @inline(__always)
    mutating func account(word: UInt256) -> Int {
        accounts.find(RecordKey(word: word, scope: 0)) ?? load(Address(truncating: word))
    }

    @inline(never)
    private mutating func load(_ address: Address) -> Int {
        accounts.insert(AccountRecord(address, reader.account(address)))
    }

    @inline(__always)
    mutating func save(_ kind: JournalEntry.Kind, _ index: Int, _ old: UInt256 = .zero) {
        entries.append(JournalEntry(kind: kind, index: UInt32(truncatingIfNeeded: index), old: old))
    }

    // MARK: Transactions and checkpoints

    /// Begins the next transaction. The one before was finished or undone.
    package mutating func beginTransaction() {
        transaction &+= 1
        entries.removeAll(keepingCapacity: entries.count < 4096)
        logs = []
        refund = 0
        touched.removeAll(keepingCapacity: true)
        transients.removeAll()
        nextCheckpoint()
    }

    /// Makes the changes final: destroyed accounts are deleted, and empty ones that were touched (EIP-161).
    package mutating func finishTransaction() {
        for number in touched {
            let index = Int(number)
            guard accounts[index].touchedIn == transaction else { continue }
            let isDestroyed = accounts[index].destroyedIn == transaction
            if isDestroyed || accounts[index].isEmpty {
                delete(index)
            } else {
                accounts[index].exists = true
            }
        }
        touched.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: entries.count < 4096)
    }

    private mutating func delete(_ index: Int) {
        let isCreated = accounts[index].createdIn == transaction
        guard accounts[index].exists || isCreated || accounts[index].firstSlot >= 0 else { return }
        accounts[index].exists = false
        accounts[index].nonce = 0
        accounts[index].balance = .zero
        accounts[index].codeHash = Keccak256.empty
        accounts[index].code = 0
        accounts[index].isStorageCleared = true
        var slot = Int(accounts[index].firstSlot)
        while slot >= 0 {
            slots[slot].value = .zero
            slot = Int(slots[slot].next)
        }
    }

    private mutating func nextCheckpoint() {
        lastCheckpoint &+= 1
        checkpointInForce = lastCheckpoint
    }

    /// Remembers this moment until `commit` or `revert`, which go in the opposite order of the checkpoints.
    package mutating func checkpoint() -> Checkpoint {
        let checkpoint = Checkpoint(
            entryCount: entries.count, logCount: logs.count, refund: refund, outer: checkpointInForce)
        nextCheckpoint()
        return checkpoint
    }

    /// Keeps what was done since; an outer checkpoint may still undo it.
    package mutating func commit(_ checkpoint: Checkpoint) {
        checkpointInForce = checkpoint.outer
    }

    /// Undoes all that was done since.
    package mutating func revert(_ checkpoint: Checkpoint) {
        while entries.count > checkpoint.entryCount, let entry = entries.popLast() { undo(entry) }
        logs.removeLast(logs.count - checkpoint.logCount)
        refund = checkpoint.refund
        checkpointInForce = checkpoint.outer
    }

    private mutating func undo(_ entry: JournalEntry) {
        let index = Int(entry.index)
        switch entry.kind {
        case .balance: accounts[index].balance = entry.old
        case .nonce: accounts[index].nonce = entry.old.limbs.0
        case .code:
            accounts[index].code = 0
            accounts[index].codeHash = Keccak256.empty
        case .touched: accounts[index].touchedIn = 0
        case .created: accounts[index].createdIn = 0
        case .destroyed: accounts[index].destroyedIn = 0
        case .warmAccount: accounts[index].warmIn = 0
        case .warmSlot: slots[index].warmIn = 0
        case .slot:
            slots[index].value = entry.old
            slots[index].savedAfter = 0
        case .transient: transients[index].value = entry.old
        }
    }
}
