/// Why a data folder could not be opened, read or written. Every case names the folder or file and, in its description,
/// the way out.
public enum StorageError: Error, Equatable, Sendable {
    /// There is no database in the folder and the caller asked for an existing one.
    case noDatabase(folder: String)
    /// The file does not start as an LMDB file does.
    case notADatabase(file: String, detail: String)
    /// The file ends before a page it refers to.
    case truncated(file: String, size: UInt64, needed: UInt64)
    /// A page, a node or a record is not what it was when written.
    case damaged(file: String, detail: String)
    /// A record's checksum or form is wrong. `key` is in hexadecimal.
    case damagedRecord(file: String, table: String, key: String, detail: String)
    /// The database was written by a program with an older table layout.
    case olderSchema(folder: String, found: UInt64, supported: UInt64)
    /// The database was written by a program with a newer table layout.
    case newerSchema(folder: String, found: UInt64, supported: UInt64)
    /// A well-formed LMDB file of some other program.
    case foreignDatabase(folder: String, detail: String)
    /// A database of this program, but of another network or another set of consensus rules.
    case otherNetwork(folder: String, found: String, expected: String)
    /// Another process holds the folder; `pid` is nil when the lock file does not say which.
    case folderInUse(folder: String, pid: Int32?)
    /// This process has the same database open already.
    case openInThisProcess(folder: String)
    /// The address space reserved for the database is used up.
    case mapFull(folder: String, limit: UInt64)
    /// The file system refuses to let the database grow.
    case diskFull(folder: String, operation: String, code: Int32)
    /// The operating system denies access to a file.
    case permissionDenied(path: String, operation: String)
    /// Every reader slot of the lock file is taken.
    case readersFull(folder: String, slots: UInt32)
    /// Any other answer of the operating system, with its errno.
    case system(path: String, operation: String, code: Int32)
    /// Any other answer of LMDB, with its code.
    case engine(folder: String, operation: String, code: Int32)
    /// The caller used a transaction after its scope, or wrote in a read-only one.
    case misuse(String)
    /// The records needed for this were pruned: `oldest` is the lowest height that can still be reached.
    case pruned(wanted: UInt64, oldest: UInt64)
}

extension StorageError: CustomStringConvertible {
    /// One line: what is wrong with which thing, and what to do about it.
    public var description: String {
        switch self {
        case .noDatabase(let folder):
            "no chain database in \(folder): check --data-dir, or start a node there with `poaid run`"
        case .notADatabase(let file, let detail):
            "\(file) is not a chain database (\(detail)): check --data-dir, or move the file away and sync again"
        case .truncated(let file, let size, let needed):
            "\(file) is cut short: \(size) bytes, got no byte at \(needed): restore it from a copy, or move it away "
                + "and sync again"
        case .damaged(let file, let detail):
            "\(file) is damaged (\(detail)): restore it from a copy, or move it away and sync again"
        case .damagedRecord(let file, let table, let key, let detail):
            "\(file) is damaged (table \(table), key \(key): \(detail)): restore it from a copy, or move it away and "
                + "sync again"
        case .olderSchema(let folder, let found, let supported):
            "the database in \(folder) has layout version \(found), this program needs \(supported): "
                + "choose another --data-dir, and bring the blocks over with export and import"
        case .newerSchema(let folder, let found, let supported):
            "the database in \(folder) has layout version \(found), this program knows up to \(supported): "
                + "use a newer poaid, or another --data-dir"
        case .foreignDatabase(let folder, let detail):
            "the database in \(folder) belongs to another program (\(detail)): choose another --data-dir"
        case .otherNetwork(let folder, let found, let expected):
            "the database in \(folder) is of another network: got \(found), expected \(expected): "
                + "choose another --data-dir or the network it was made for"
        case .folderInUse(let folder, let pid):
            "\(folder) is in use by another node\(pid.map { " (process \($0))" } ?? ""): stop it first, "
                + "or choose another --data-dir"
        case .openInThisProcess(let folder):
            "the database in \(folder) is open in this process already: use that one"
        case .mapFull(let folder, let limit):
            "the database in \(folder) reached its limit of \(limit) bytes: raise the address space limit "
                + "(`ulimit -v unlimited`), or prune with --prune-depth"
        case .diskFull(let folder, let operation, let code):
            "no space to \(operation) in \(folder) (\(errorText(code))): free disk space or raise the limit, "
                + "then start again; nothing stored was lost"
        case .permissionDenied(let path, let operation):
            "not allowed to \(operation) \(path): check its owner and mode"
        case .readersFull(let folder, let slots):
            "all \(slots) reader slots of \(folder) are taken: stop some of the programs reading it"
        case .system(let path, let operation, let code):
            "cannot \(operation) \(path): \(errorText(code)): check the disk and the path"
        case .engine(let folder, let operation, let code):
            "cannot \(operation) in \(folder): \(engineText(code)): start again; "
                + "if it stays, run `poaid verify --data-dir \(folder)`"
        case .misuse(let detail):
            "storage used wrongly: \(detail): this is a defect of the program, please report it"
        case .pruned(let wanted, let oldest):
            "block \(wanted) was pruned, the oldest kept is \(oldest): sync again with a larger --prune-depth (0 keeps all)"
        }
    }
}
