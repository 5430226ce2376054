/// A branch or leaf page whose header and node places were checked: no access through it leaves the page.
struct NodePage {
    /// `MDB_node`: header of 8 bytes, key, data.
    struct Node {
        var flags: UInt16
        var key: [UInt8]
        /// The child's page number, in a branch.
        var child: UInt64
        /// The value's size in bytes, in a leaf.
        var size: UInt32
        /// The value, or for `NodeFlags.overflow` the 8 bytes of its page number.
        var data: [UInt8]
    }

    private static let nodeHeaderBytes = 8
    private let bytes: [UInt8]
    private let isLeaf: Bool
    private let reader: PageReader
    let number: UInt64
    let name: String
    /// How many nodes.
    let count: Int

    init(_ reader: PageReader, number: UInt64, pageSize: Int, isLeaf: Bool, name: String) throws(StorageError) {
        bytes = try reader.bytes(at: number * UInt64(pageSize), count: pageSize)
        (self.reader, self.number, self.isLeaf, self.name) = (reader, number, isLeaf, name)
        let lower = Int(bytes.integer(at: 12, as: UInt16.self))
        let upper = Int(bytes.integer(at: 14, as: UInt16.self))
        count = (lower - MetaPage.headerBytes) / 2
        let found: UInt64 = bytes.integer(at: 0)
        guard found == number else { throw damaged("has number \(found)") }
        guard bytes.integer(at: 10) == (isLeaf ? PageFlags.leaf : PageFlags.branch) else { throw damaged("wrong kind") }
        guard lower >= MetaPage.headerBytes, lower % 2 == 0, lower <= upper, upper <= pageSize else {
            throw damaged("free space from \(lower) to \(upper)")
        }
        guard count >= (isLeaf ? 1 : 2) else { throw damaged("\(count) nodes") }
        try checkNodes(upper: upper)
    }

    /// The node at `index` < `count`.
    func node(_ index: Int) throws(StorageError) -> Node {
        let offset = Int(bytes.integer(at: MetaPage.headerBytes + 2 * index, as: UInt16.self))
        let layout = try layout(at: offset)
        let low = UInt64(bytes.integer(at: offset, as: UInt16.self))
        let high = UInt64(bytes.integer(at: offset + 2, as: UInt16.self))
        let flags: UInt16 = bytes.integer(at: offset + 4)
        let key = offset + Self.nodeHeaderBytes
        return Node(
            flags: isLeaf ? flags : 0, key: Array(bytes[key..<key + layout.key]),
            child: low | high << 16 | UInt64(flags) << 32, size: UInt32(low | high << 16),
            data: Array(bytes[key + layout.key..<key + layout.key + layout.data]))
    }

    /// Nodes fill the page from its end without gaps, each at an even place.
    private func checkNodes(upper: Int) throws(StorageError) {
        var total = 0
        for index in 0..<count {
            let offset = Int(bytes.integer(at: MetaPage.headerBytes + 2 * index, as: UInt16.self))
            guard offset >= upper, offset % 2 == 0 else { throw damaged("node \(index) at \(offset)") }
            let layout = try layout(at: offset)
            total += (Self.nodeHeaderBytes + layout.key + layout.data + 1) & ~1
        }
        guard total == bytes.count - upper else {
            throw damaged("nodes of \(total) bytes in \(bytes.count - upper)")
        }
    }

    /// Sizes of a node's key and of its data within the page, known to fit.
    private func layout(at offset: Int) throws(StorageError) -> (key: Int, data: Int) {
        guard offset + Self.nodeHeaderBytes <= bytes.count else { throw damaged("node at \(offset)") }
        let key = Int(bytes.integer(at: offset + 6, as: UInt16.self))
        var data = 0
        if isLeaf {
            let low = Int(bytes.integer(at: offset, as: UInt16.self))
            let high = Int(bytes.integer(at: offset + 2, as: UInt16.self))
            let flags: UInt16 = bytes.integer(at: offset + 4)
            data = flags & NodeFlags.overflow != 0 ? 8 : low | high << 16
        }
        guard offset + Self.nodeHeaderBytes + key + data <= bytes.count else {
            throw damaged("node at \(offset) leaves the page")
        }
        if name == "free list", key != 8 { throw damaged("key of \(key) bytes") }
        return (key, data)
    }

    private func damaged(_ detail: String) -> StorageError { reader.damaged("\(name): page \(number): \(detail)") }
}
