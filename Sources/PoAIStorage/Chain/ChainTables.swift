import PoAIPrimitives
import PoAITrie
import PoAITypes

/// The tables of the chain database. Tables are read and written only within one transaction's view, so what belongs
/// together (block, state, head) is stored together.
public enum ChainTables {
    /// Headers of all known blocks.
    public static let headers = Table<Hash32, BlockHeader>(.headers)
    /// The canonical block of each height from 0 to the head.
    public static let canonical = Table<UInt64, Hash32>(.canonical)
    /// Bodies by block hash: RLP of `[transactions, uncles]`. Old ones may be pruned.
    public static let bodies = Table<Hash32, StoredBytes>(.bodies)
    /// Accumulated work of the branch that ends with a block.
    public static let work = Table<Hash32, UInt256>(.work)
    /// Blocks known to be invalid, with the reason.
    public static let invalid = Table<Hash32, StoredBytes>(.invalid)
    /// Accounts of the head's state.
    public static let accounts = Table<Address, Account>(.accounts)
    /// Trie nodes of the head's state.
    public static let trieNodes = Table<TriePath, StoredBytes>(.trieNodes)
    /// How to undo canonical blocks; none for height 0. Old ones may be pruned.
    public static let undo = Table<UInt64, UndoRecord>(.undo)
    /// All known blocks by height.
    public static let heights = Table<HeightAndHash, StoredBytes>(.heights)
    /// Code of contracts by its hash.
    public static let code = Table<Hash32, StoredBytes>(.code)
    /// Words in the storage of contracts, of the head's state; no record for zero.
    public static let storage = Table<StorageKey, UInt256>(.storage)
    /// Nodes of the contracts' storage tries, of the head's state.
    public static let storageNodes = Table<StorageNodeKey, StoredBytes>(.storageNodes)
    /// Receipts by block hash, of blocks that are canonical or were: RLP list of the receipts as in the receipts trie.
    public static let receipts = Table<Hash32, StoredBytes>(.receipts)
    /// Where canonical transactions are.
    public static let transactions = Table<Hash32, TransactionLocation>(.transactions)

    /// The head block's hash.
    public static func head(in snapshot: Snapshot) throws(StorageError) -> Hash32 {
        guard let bytes = try Meta.head.get(in: snapshot), let hash = Hash32(bytes) else {
            throw .damaged(file: snapshot.environment.place.file, detail: "no record of the head")
        }
        return hash
    }

    /// Makes `hash` the head.
    public static func setHead(_ hash: Hash32, in transaction: WriteTransaction) throws(StorageError) {
        try Meta.head.put(hash.bytes, in: transaction)
    }

    /// The lowest height whose body and undo record are kept; 1 when nothing was pruned.
    public static func oldestKept(in snapshot: Snapshot) throws(StorageError) -> UInt64 {
        guard let bytes = try Meta.pruned.get(in: snapshot) else { return 1 }
        guard let height = UInt64(bigEndianBytes: bytes) else {
            throw .damaged(file: snapshot.environment.place.file, detail: "record of the pruned height is no height")
        }
        return height
    }

    /// Stores new values of accounts and nodes.
    public static func apply(_ change: StateChange, in transaction: WriteTransaction) throws(StorageError) {
        for entry in change.accounts {
            if let account = entry.account {
                try accounts.put(entry.address, account, in: transaction)
            } else {
                try accounts.delete(entry.address, in: transaction)
            }
        }
        for entry in change.nodes {
            if let node = entry.node {
                try trieNodes.put(entry.path, StoredBytes(node), in: transaction)
            } else {
                try trieNodes.delete(entry.path, in: transaction)
            }
        }
        for entry in change.storage { try apply(entry, in: transaction) }
        for entry in change.codes { try code.put(entry.hash, StoredBytes(entry.code), in: transaction) }
    }

    private static func apply(_ change: StorageChange, in transaction: WriteTransaction) throws(StorageError) {
        for entry in change.slots {
            let key = StorageKey(address: change.address, slot: entry.slot)
            if entry.value.isZero {
                try storage.delete(key, in: transaction)
            } else {
                try storage.put(key, entry.value, in: transaction)
            }
        }
        for entry in change.nodes {
            let key = StorageNodeKey(address: change.address, path: entry.path)
            if let node = entry.node {
                try storageNodes.put(key, StoredBytes(node), in: transaction)
            } else {
                try storageNodes.delete(key, in: transaction)
            }
        }
    }

    /// Removes bodies, receipts, entries of transactions and undo records below height `keep`, of at most `limit` heights,
    /// and moves the pruned height on. Headers stay.
    ///
    /// - Parameter transactionsOf: the hashes of the transactions in a stored body.
    public static func prune(
        below keep: UInt64, limit: UInt64 = .max, in transaction: WriteTransaction,
        transactionsOf: ([UInt8]) -> [Hash32]
    ) throws(StorageError) {
        let oldest = try oldestKept(in: transaction)
        guard keep > oldest else { return }
        let end = keep - oldest > limit ? oldest + limit : keep
        for height in oldest..<end {
            try undo.delete(height, in: transaction)
            var hashes: [Hash32] = []
            try heights.forEach(in: transaction, from: HeightAndHash(height: height, hash: .zero)) { key, _ in
                guard key.height == height else { return false }
                hashes.append(key.hash)
                return true
            }
            for hash in hashes {
                for sent in try bodies.get(hash, in: transaction).map({ transactionsOf($0.bytes) }) ?? []
                where try transactions.get(sent, in: transaction)?.height == height {
                    try transactions.delete(sent, in: transaction)
                }
                try bodies.delete(hash, in: transaction)
                try receipts.delete(hash, in: transaction)
            }
        }
        try Meta.pruned.put(end.bigEndianBytes, in: transaction)
    }
}
