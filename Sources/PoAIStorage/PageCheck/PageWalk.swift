/// Walks the trees of one commit and checks every page it meets; see `PageCheck`.
struct PageWalk {
    private let reader: PageReader
    private let lastPage: UInt64
    private let readsLeaves: Bool
    private var pageSize = 0
    /// One bit per page: in a tree, on the free list, or a meta page.
    private var seen: [UInt64]
    private var seenCount: UInt64 = 0

    /// What was counted in one tree, to compare with its record.
    private struct Tally: Equatable {
        var branchPages: UInt64 = 0
        var leafPages: UInt64 = 0
        var overflowPages: UInt64 = 0
        var entries: UInt64 = 0
    }

    private enum Kind {
        case freeList
        case tableList
        case table
    }

    init(reader: PageReader, lastPage: UInt64, readsLeaves: Bool) {
        self.reader = reader
        self.lastPage = lastPage
        self.readsLeaves = readsLeaves
        seen = [UInt64](repeating: 0, count: Int(lastPage / 64) + 1)
    }

    mutating func run(_ meta: MetaPage) throws(StorageError) {
        pageSize = meta.pageSize
        try claim(0, "meta")
        try claim(1, "meta")
        try walk(meta.free, .freeList, "free list")
        try walk(meta.main, .tableList, "table list")
        guard !readsLeaves || seenCount == lastPage + 1 else {
            throw reader.damaged("\(seenCount) pages in use or free, expected \(lastPage + 1)")
        }
    }

    private mutating func walk(_ tree: TreeRecord, _ kind: Kind, _ name: String) throws(StorageError) {
        guard tree.root != TreeRecord.noRoot else {
            guard tree.depth == 0, tree.entries == 0 else { throw reader.damaged("\(name): no root") }
            return
        }
        guard (1...32).contains(tree.depth) else { throw reader.damaged("\(name): depth \(tree.depth)") }
        var tally = Tally()
        try visit(tree.root, level: 1, tree, kind, name, bounds: (nil, nil), &tally)
        var expected = Tally(
            branchPages: tree.branchPages, leafPages: tree.leafPages, overflowPages: tree.overflowPages,
            entries: tree.entries)
        if kind == .table, !readsLeaves {
            expected.overflowPages = tally.overflowPages
            expected.entries = tally.entries
        }
        guard tally == expected else { throw reader.damaged("\(name): counted \(tally), recorded \(expected)") }
    }

    /// Checks a page whose keys must lie in `bounds` (first included, second excluded), and those below it.
    private mutating func visit(
        _ number: UInt64, level: UInt16, _ tree: TreeRecord, _ kind: Kind, _ name: String,
        bounds: ([UInt8]?, [UInt8]?), _ tally: inout Tally
    ) throws(StorageError) {
        try claim(number, name)
        let isLeaf = level == tree.depth
        if isLeaf { tally.leafPages += 1 } else { tally.branchPages += 1 }
        if isLeaf, kind == .table, !readsLeaves { return }

        let page = try NodePage(reader, number: number, pageSize: pageSize, isLeaf: isLeaf, name: name)
        var previous: [UInt8]?
        for index in 0..<page.count {
            let node = try page.node(index)
            // The first key of a branch page stands for everything below the second and may be empty.
            if isLeaf || index > 0 {
                let ordered =
                    (previous.map { precedes($0, node.key, kind) } ?? true)
                    && (bounds.0.map { !precedes(node.key, $0, kind) } ?? true)
                    && (bounds.1.map { precedes(node.key, $0, kind) } ?? true)
                guard ordered else { throw reader.damaged("\(name): page \(number): keys out of order") }
                previous = node.key
            }
            if isLeaf {
                tally.entries += 1
                try visitRecord(node, page, kind, &tally)
            } else {
                let upper = index + 1 < page.count ? try page.node(index + 1).key : bounds.1
                try visit(
                    node.child, level: level + 1, tree, kind, name, bounds: (index == 0 ? bounds.0 : node.key, upper),
                    &tally)
            }
        }
    }

    private mutating func visitRecord(
        _ node: NodePage.Node, _ page: NodePage, _ kind: Kind, _ tally: inout Tally
    ) throws(StorageError) {
        var data = node.data
        switch node.flags {
        case 0: break
        case NodeFlags.overflow where kind != .tableList:
            data = try overflow(node, page.name, &tally, wanted: kind == .freeList)
        case NodeFlags.table where kind == .tableList:
            guard node.data.count == TreeRecord.byteCount else {
                throw reader.damaged("\(page.name): table record of \(node.data.count) bytes")
            }
            let tree = TreeRecord(node.data, at: 0)
            guard tree.flags == 0 else { throw reader.damaged("table of unknown kind \(tree.flags)") }
            return try walk(tree, .table, "table \(String(decoding: node.key, as: UTF8.self))")
        default:
            throw reader.damaged("\(page.name): page \(page.number): unknown record kind \(node.flags)")
        }
        switch kind {
        case .freeList: try claimFreePages(data, page)
        case .tableList: throw reader.damaged("\(page.name): a record that is no table")
        case .table: break
        }
    }

    /// A value on pages of its own; its bytes when `wanted`, else empty.
    private mutating func overflow(
        _ node: NodePage.Node, _ name: String, _ tally: inout Tally, wanted: Bool
    ) throws(StorageError) -> [UInt8] {
        let number: UInt64 = node.data.integer(at: 0)
        guard number <= lastPage else { throw reader.damaged("\(name): overflow page \(number) beyond \(lastPage)") }
        let offset = number * UInt64(pageSize)
        let header = try reader.bytes(at: offset, count: MetaPage.headerBytes)
        // A value written over a longer one keeps all its pages.
        let pages = UInt64(header.integer(at: 12, as: UInt32.self))
        let needed = (UInt64(MetaPage.headerBytes) + UInt64(node.size) + UInt64(pageSize) - 1) / UInt64(pageSize)
        guard header.integer(at: 0) == number, header.integer(at: 10) == PageFlags.overflow, pages >= needed else {
            throw reader.damaged("\(name): overflow page \(number) has a wrong header")
        }
        for page in 0..<pages { try claim(number + page, name) }
        tally.overflowPages += pages
        let end = offset + UInt64(MetaPage.headerBytes) + UInt64(node.size)
        if !wanted {
            _ = try reader.bytes(at: end - 1, count: 1)
            return []
        }
        return try reader.bytes(at: offset + UInt64(MetaPage.headerBytes), count: Int(node.size))
    }

    /// A free-list record: a count, then as many page numbers, of 8 bytes each.
    private mutating func claimFreePages(_ data: [UInt8], _ page: NodePage) throws(StorageError) {
        let count: UInt64 = data.count >= 8 ? data.integer(at: 0) : .max
        guard count <= UInt64(data.count / 8 - 1) else {
            throw reader.damaged("free list: page \(page.number): \(count) pages in \(data.count) bytes")
        }
        for index in 0..<Int(count) { try claim(data.integer(at: 8 + 8 * index), "free list") }
    }

    private mutating func claim(_ number: UInt64, _ name: String) throws(StorageError) {
        guard number <= lastPage else {
            throw reader.damaged("\(name): page \(number) beyond the last page \(lastPage)")
        }
        let (word, bit) = (Int(number / 64), UInt64(1) << (number % 64))
        guard seen[word] & bit == 0 else { throw reader.damaged("\(name): page \(number) is used twice") }
        seen[word] |= bit
        seenCount += 1
    }

    private func precedes(_ a: [UInt8], _ b: [UInt8], _ kind: Kind) -> Bool {
        kind == .freeList ? a.integer(at: 0, as: UInt64.self) < b.integer(at: 0) : a.lexicographicallyPrecedes(b)
    }
}
