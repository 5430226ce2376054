/// The tables of the chain database; the position is the table's number in record checksums, so new ones go at the end.
public enum TableID: Int, CaseIterable, Sendable, CustomStringConvertible {
    /// Identity of the database, head and prune pointer, by name.
    case meta
    /// Block hash → header, RLP.
    case headers
    /// Height, 8 bytes big-endian → hash of the canonical block.
    case canonical
    /// Block hash → transactions and uncles, RLP.
    case bodies
    /// Block hash → accumulated work of the chain up to and with the block, 32 bytes big-endian.
    case work
    /// Block hash → why the block is invalid, UTF-8.
    case invalid
    /// Address → account, RLP, of the head's state.
    case accounts
    /// Path in the state trie → node, RLP, of the head's state.
    case trieNodes
    /// Height, 8 bytes big-endian → what to restore to undo the canonical block, RLP.
    case undo
    /// Height, 8 bytes big-endian, and block hash → nothing: all known blocks by height.
    case heights
    /// Code hash → code of contracts. Never deleted: code outlives the accounts that have it.
    case code
    /// Address and slot → word, of the head's state; no record for zero.
    case storage
    /// Address and path in its storage trie → node, RLP, of the head's state.
    case storageNodes
    /// Block hash → receipts of a block that is or was canonical, RLP.
    case receipts
    /// Transaction hash → height and index in the canonical block that holds it.
    case transactions

    /// The table's name in the file.
    public var description: String {
        switch self {
        case .meta: "meta"
        case .headers: "headers"
        case .canonical: "canonical"
        case .bodies: "bodies"
        case .work: "work"
        case .invalid: "invalid"
        case .accounts: "accounts"
        case .trieNodes: "trieNodes"
        case .undo: "undo"
        case .heights: "heights"
        case .code: "code"
        case .storage: "storage"
        case .storageNodes: "storageNodes"
        case .receipts: "receipts"
        case .transactions: "transactions"
        }
    }
}
