import PoAIPrimitives

/// An account as it is now and as the view has it. Numbers of transactions count from 1; 0 is none.
struct AccountRecord: Record {
    let address: Address

    let isInView: Bool
    let nonceInView: UInt64
    let balanceInView: UInt256
    let codeHashInView: Hash32

    /// Whether it is part of the state. Until the end of the transaction it may be behind the fields below.
    var exists: Bool
    var nonce: UInt64
    var balance: UInt256
    var codeHash: Hash32
    /// Place in `Journal.codes`, or `unloaded`.
    var code: Int32
    /// Storage in the view is void, because the account was deleted in this block.
    var isStorageCleared = false
    /// The transaction that accessed, created, destroyed or touched it last.
    var warmIn: UInt32 = 0
    var createdIn: UInt32 = 0
    var destroyedIn: UInt32 = 0
    var touchedIn: UInt32 = 0
    /// The known slots of its storage are a list that begins here.
    var firstSlot: Int32 = -1

    static let unloaded: Int32 = -1

    init(_ address: Address, _ state: AccountState?) {
        let known = state ?? AccountState(nonce: 0, balance: .zero, codeHash: Keccak256.empty)
        self.address = address
        isInView = state != nil
        nonceInView = known.nonce
        balanceInView = known.balance
        codeHashInView = known.codeHash
        exists = isInView
        nonce = known.nonce
        balance = known.balance
        codeHash = known.codeHash
        code = known.codeHash == Keccak256.empty ? 0 : Self.unloaded
    }

    var key: RecordKey { RecordKey(word: UInt256(address), scope: 0) }

    var isEmpty: Bool { nonce == 0 && balance.isZero && hasNoCode }

    var hasNoCode: Bool { code == 0 }
}

/// A slot of storage. The value at the begin of the transaction is taken at the first access in it.
struct SlotRecord: Record {
    let key: RecordKey
    let valueInView: UInt256
    var value: UInt256
    var original: UInt256
    var originalOf: UInt32 = 0
    var warmIn: UInt32 = 0
    /// Number of the checkpoint after which the value is in the journal already.
    var savedAfter: UInt32 = 0
    /// The next known slot of the account, or -1.
    let next: Int32
}

/// A slot of transient storage (EIP-1153).
struct TransientRecord: Record {
    let key: RecordKey
    var value: UInt256
}

/// How to undo a change.
struct JournalEntry: BitwiseCopyable {
    enum Kind: UInt8 {
        case balance, nonce, code, touched, created, destroyed, warmAccount, warmSlot, slot, transient
    }

    let kind: Kind
    /// Of the account, slot or transient slot.
    let index: UInt32
    /// What was there before, where that cannot be told otherwise.
    let old: UInt256
}

/// A moment to go back to.
package struct Checkpoint: BitwiseCopyable {
    let entryCount: Int
    let logCount: Int
    let refund: Int64
    /// The checkpoint in force before.
    let outer: UInt32
}
