import PoAIStorage
import PoAITestSupport
import Testing

@Suite struct EnvironmentTests {
    private let bodies = RawTable(.bodies)

    private func write(_ environment: Environment, _ key: [UInt8], _ value: [UInt8]) throws {
        try environment.write { (transaction) throws(StorageError) in
            try bodies.put(RawKey(key), StoredBytes(value), in: transaction)
            return .commit(())
        }
    }

    private func read(_ environment: Environment, _ key: [UInt8]) throws -> [UInt8]? {
        try environment.read { (snapshot) throws(StorageError) in try bodies.get(RawKey(key), in: snapshot)?.bytes }
    }

    @Test func recordsSurviveReopening() throws {
        let folder = try TemporaryDirectory()
        try write(try openEnvironment(folder), [1], [2, 3])
        #expect(try read(try openEnvironment(folder), [1]) == [2, 3])
        #expect(try read(try openEnvironment(folder, mode: .readOnly), [1]) == [2, 3])
        #expect(try read(try openEnvironment(folder, mode: .readOnly), [2]) == nil)
    }

    @Test func abortAndErrorLeaveNothing() throws {
        let folder = try TemporaryDirectory()
        let environment = try openEnvironment(folder)
        try write(environment, [1], [1])
        try environment.write { (transaction) throws(StorageError) in
            try bodies.put(RawKey([1]), StoredBytes([9]), in: transaction)
            try bodies.put(RawKey([2]), StoredBytes([9]), in: transaction)
            return .abort(())
        }
        #expect(throws: StorageError.misuse("stop")) {
            try environment.write { (transaction) throws(StorageError) -> WriteDecision<Void> in
                try bodies.delete(RawKey([1]), in: transaction)
                throw .misuse("stop")
            }
        }
        #expect(try read(environment, [1]) == [1])
        #expect(try read(environment, [2]) == nil)
    }

    @Test func aSnapshotDoesNotChange() throws {
        let folder = try TemporaryDirectory()
        let environment = try openEnvironment(folder)
        try write(environment, [1], [1])
        try environment.read { (snapshot) throws(StorageError) in
            try environment.write { (transaction) throws(StorageError) in
                try bodies.put(RawKey([1]), StoredBytes([2]), in: transaction)
                return .commit(())
            }
            #expect(try bodies.get(RawKey([1]), in: snapshot)?.bytes == [1])
        }
        #expect(try read(environment, [1]) == [2])
    }

    @Test func transactionsEndWithTheirScope() throws {
        let folder = try TemporaryDirectory()
        let environment = try openEnvironment(folder)
        var escaped: Snapshot?
        try environment.read { (snapshot) throws(StorageError) in escaped = snapshot }
        let snapshot = try #require(escaped)
        #expect(throws: StorageError.misuse("a transaction was used after its scope")) {
            try bodies.get(RawKey([1]), in: snapshot)
        }
    }

    @Test func aReaderCannotWrite() throws {
        let folder = try TemporaryDirectory()
        _ = try openEnvironment(folder)
        let environment = try openEnvironment(folder, mode: .readOnly)
        #expect(throws: StorageError.self) { try write(environment, [1], [1]) }
    }

    @Test func oneFileOpensOnceInAProcess() throws {
        let folder = try TemporaryDirectory()
        let environment = try openEnvironment(folder)
        #expect(throws: StorageError.openInThisProcess(folder: folder.path)) { try openEnvironment(folder) }
        #expect(throws: StorageError.openInThisProcess(folder: folder.path)) {
            try openEnvironment(folder, mode: .readOnly)
        }
        try write(environment, [1], [1])
    }

    @Test func readingNeedsADatabase() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: StorageError.noDatabase(folder: folder.path)) { try openEnvironment(folder, mode: .readOnly) }
    }

    @Test func aFullMapIsAnErrorAndKeepsWhatWasThere() throws {
        let folder = try TemporaryDirectory()
        let limit: UInt64 = 1 << 20
        let environment = try openEnvironment(folder, mapSize: limit)
        try write(environment, [1], [7])
        #expect(throws: StorageError.mapFull(folder: folder.path, limit: limit)) {
            try write(environment, [2], [UInt8](repeating: 0, count: 2 << 20))
        }
        try write(environment, [3], [8])
        #expect(try read(environment, [1]) == [7])
        #expect(try read(environment, [2]) == nil)
        #expect(try read(environment, [3]) == [8])
    }

    @Test func scansGoBothWaysFromAnyKey() throws {
        let folder = try TemporaryDirectory()
        let environment = try openEnvironment(folder)
        for key in [2, 4, 6] { try write(environment, [UInt8(key)], [UInt8(key)]) }
        func scan(from start: UInt8?, reverse: Bool) throws -> [UInt8] {
            var found: [UInt8] = []
            try environment.read { (snapshot) throws(StorageError) in
                try bodies.forEach(in: snapshot, from: start.map { RawKey([$0]) }, reverse: reverse) { key, _ in
                    found += key.keyBytes
                    return true
                }
            }
            return found
        }
        #expect(try scan(from: nil, reverse: false) == [2, 4, 6])
        #expect(try scan(from: nil, reverse: true) == [6, 4, 2])
        #expect(try scan(from: 3, reverse: false) == [4, 6])
        #expect(try scan(from: 4, reverse: false) == [4, 6])
        #expect(try scan(from: 7, reverse: false) == [])
        #expect(try scan(from: 5, reverse: true) == [4, 2])
        #expect(try scan(from: 4, reverse: true) == [4, 2])
        #expect(try scan(from: 7, reverse: true) == [6, 4, 2])
        #expect(try scan(from: 1, reverse: true) == [])
    }

    @Test(arguments: [1, 2, 3]) func tablesEqualAModelAndPagesStayWhole(seed: UInt64) throws {
        let folder = try TemporaryDirectory()
        var random = DeterministicRandom(seed: seed)
        let tables = [RawTable(.headers), RawTable(.bodies), RawTable(.trieNodes)]
        var model = [[RawKey: StoredBytes]](repeating: [:], count: tables.count)
        for _ in 0..<8 {
            let environment = try openEnvironment(folder)
            try churn(environment, random: &random, transactions: 12, tables, model: &model)
            try environment.checkPages()
            for (table, expected) in zip(tables, model) {
                try environment.read { (snapshot) throws(StorageError) in
                    let found = try content(table, snapshot)
                    #expect(found.map(\.0) == expected.keys.sorted())
                    #expect(found.allSatisfy { expected[$0.0] == $0.1 })
                    #expect(try table.count(in: snapshot) == expected.count)
                }
            }
        }
    }

    @Test func checksumsAreCRC32C() {
        // RFC 3720, B.4, and the customary check value.
        func crc(_ bytes: [UInt8]) -> UInt32 {
            var crc = CRC32C()
            bytes.withUnsafeBytes { crc.update($0) }
            return crc.value
        }
        #expect(crc([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(crc([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(crc(Array(0..<32)) == 0x46DD_794E)
        #expect(crc(Array("123456789".utf8)) == 0xE306_9283)
        // The processor's instruction, where there is one, gives what the tables give.
        var random = DeterministicRandom(seed: 3)
        for size in 0..<100 {
            let bytes = random.bytes(size)
            var table = CRC32C()
            bytes.withUnsafeBytes { table.updateByTable($0) }
            #expect(table.value == crc(bytes))
        }
    }
}
