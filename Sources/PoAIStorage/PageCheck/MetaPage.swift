/// A tree's record: `MDB_db`, 48 bytes.
struct TreeRecord {
    static let byteCount = 48
    static let noRoot = UInt64.max

    var flags: UInt16
    var depth: UInt16
    var branchPages: UInt64
    var leafPages: UInt64
    var overflowPages: UInt64
    var entries: UInt64
    var root: UInt64

    /// `bytes` holds at least 48 bytes from `offset`.
    init(_ bytes: [UInt8], at offset: Int) {
        flags = bytes.integer(at: offset + 4)
        depth = bytes.integer(at: offset + 6)
        branchPages = bytes.integer(at: offset + 8)
        leafPages = bytes.integer(at: offset + 16)
        overflowPages = bytes.integer(at: offset + 24)
        entries = bytes.integer(at: offset + 32)
        root = bytes.integer(at: offset + 40)
    }
}

/// One of the two meta pages: `MDB_meta`, 136 bytes after the page header of 16.
struct MetaPage {
    static let magic: UInt32 = 0xBEEF_C0DE
    static let version: UInt32 = 1
    static let headerBytes = 16
    static let byteCount = 136
    static let integerKey: UInt16 = 0x08

    let pageSize: Int
    let free: TreeRecord
    let main: TreeRecord
    let lastPage: UInt64
    let commit: UInt64

    /// The file's page size in bytes, from the first meta page.
    static func pageSize(_ reader: PageReader) throws(StorageError) -> Int {
        let size = try reader.fileSize()
        guard size >= UInt64(headerBytes + byteCount) else {
            throw .truncated(file: reader.file, size: size, needed: size)
        }
        let bytes = try reader.bytes(at: UInt64(headerBytes), count: byteCount)
        let magic: UInt32 = bytes.integer(at: 0)
        guard magic == Self.magic else {
            throw .notADatabase(file: reader.file, detail: "magic number \(magic), expected \(Self.magic)")
        }
        let version: UInt32 = bytes.integer(at: 4)
        guard version == Self.version else {
            throw .notADatabase(file: reader.file, detail: "LMDB format \(version), expected \(Self.version)")
        }
        let pageSize: UInt32 = bytes.integer(at: 24)
        guard pageSize.nonzeroBitCount == 1, (512...32768).contains(pageSize) else {
            throw reader.damaged("page size \(pageSize)")
        }
        return Int(pageSize)
    }

    init(_ reader: PageReader, number: UInt64, pageSize: Int, mapLimit: UInt64) throws(StorageError) {
        let page = try reader.bytes(at: number * UInt64(pageSize), count: Self.headerBytes + Self.byteCount)
        let base = Self.headerBytes
        self.pageSize = pageSize
        free = TreeRecord(page, at: base + 24)
        main = TreeRecord(page, at: base + 72)
        lastPage = page.integer(at: base + 120)
        commit = page.integer(at: base + 128)

        func require(_ condition: Bool, _ what: String) throws(StorageError) {
            guard condition else { throw reader.damaged("meta page \(number): \(what)") }
        }
        try require(page.integer(at: 0) == number, "wrong page number")
        try require(page.integer(at: 10, as: UInt16.self) == PageFlags.meta, "wrong page kind")
        try require(page.integer(at: base) == Self.magic, "wrong magic number")
        try require(page.integer(at: base + 4) == Self.version, "wrong format version")
        try require(page.integer(at: base + 8, as: UInt64.self) == 0, "fixed map address")
        try require(page.integer(at: base + 24) == UInt32(pageSize), "wrong page size")
        try require(free.flags == Self.integerKey, "wrong flags \(free.flags) of the free list")
        try require(main.flags == 0, "wrong flags \(main.flags) of the table list")
        try require(lastPage >= 1 && lastPage < mapLimit / UInt64(pageSize), "last page \(lastPage) out of range")
        // Commit n is written to meta page n mod 2; a new file has 0 in both.
        try require(commit == 0 || commit & 1 == number, "commit \(commit) in the wrong place")
    }
}

enum PageFlags {
    static let branch: UInt16 = 1
    static let leaf: UInt16 = 2
    static let overflow: UInt16 = 4
    static let meta: UInt16 = 8
}

enum NodeFlags {
    static let overflow: UInt16 = 1
    static let table: UInt16 = 2
}
