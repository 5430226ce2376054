import PoAIPrimitives
import PoAIStorage
import PoAITestSupport

/// Keys of any bytes, so that tests can choose their order and length.
struct RawKey: TableKey, Hashable, Comparable {
    var keyBytes: [UInt8]
    init(_ bytes: [UInt8]) { keyBytes = bytes }
    init?(keyBytes: UnsafeRawBufferPointer) { self.keyBytes = Array(keyBytes) }
    static func < (a: Self, b: Self) -> Bool { a.keyBytes.lexicographicallyPrecedes(b.keyBytes) }
}

typealias RawTable = Table<RawKey, StoredBytes>

let testTableNames = TableID.allCases.map(\.description)

func openEnvironment(
    _ folder: TemporaryDirectory, mode: AccessMode = .readWrite, mapSize: UInt64? = nil
) throws -> Environment {
    try Environment(folder: folder.path, mode: mode, tables: testTableNames, mapSize: mapSize)
}

/// All records of a table in order.
func content(_ table: RawTable, _ snapshot: Snapshot) throws(StorageError) -> [(RawKey, StoredBytes)] {
    var records: [(RawKey, StoredBytes)] = []
    try table.forEach(in: snapshot) { (key, value) throws(StorageError) in
        records.append((key, value))
        return true
    }
    return records
}

/// Writes random records of all sizes, deletes some, and returns what the tables must hold.
func churn(
    _ environment: Environment, random: inout DeterministicRandom, transactions: Int,
    _ tables: [RawTable], model: inout [[RawKey: StoredBytes]]
) throws {
    for _ in 0..<transactions {
        let keep = UInt8.random(in: 0..<5, using: &random) > 0
        var next = model
        try environment.write { (transaction) throws(StorageError) in
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let index = Int.random(in: 0..<tables.count, using: &random)
                let key = RawKey([UInt8(random.below(8))] + random.bytes(random.below(21)))
                let old = next[index].keys.sorted().first { $0 >= key }
                if random.below(3) == 0, let old {
                    try tables[index].delete(old, in: transaction)
                    next[index][old] = nil
                } else {
                    let sizes = [0, 5, 100, 700, 3000, 9000, 20000]
                    let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
                    let value = StoredBytes(random.bytes(size == 0 ? 0 : Int.random(in: 0..<size, using: &random)))
                    try tables[index].put(key, value, in: transaction)
                    next[index][key] = value
                }
            }
            return keep ? .commit(()) : .abort(())
        }
        if keep { model = next }
    }
}
