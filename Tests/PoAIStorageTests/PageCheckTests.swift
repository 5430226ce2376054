import PoAIStorage
import PoAITestSupport
import Testing

/// Damaged database files: an error or unchanged content, never a crash and never other content.
@Suite struct PageCheckTests {
    private let tables = [RawTable(.headers), RawTable(.bodies), RawTable(.trieNodes)]

    private func makeDatabase(_ folder: TemporaryDirectory, seed: UInt64, transactions: Int) throws -> [UInt8] {
        var random = DeterministicRandom(seed: seed)
        var model = [[RawKey: StoredBytes]](repeating: [:], count: tables.count)
        try churn(
            try openEnvironment(folder), random: &random, transactions: transactions, tables, model: &model)
        return try #require(TestFile.read(folder.path + "/data.mdb"))
    }

    /// Everything stored; reading it checks every page and every record.
    private func readAll(_ folder: TemporaryDirectory) throws(StorageError) -> [[[UInt8]]] {
        let environment = try Environment(folder: folder.path, mode: .readOnly, tables: testTableNames)
        return try environment.read { (snapshot) throws(StorageError) in
            var all: [[[UInt8]]] = []
            for table in tables {
                all.append(try content(table, snapshot).flatMap { [$0.0.keyBytes, $0.1.bytes] })
            }
            return all
        }
    }

    @Test(arguments: [11, 12]) func changedBytesAreFoundOrDoNotMatter(seed: UInt64) throws {
        let folder = try TemporaryDirectory()
        let file = folder.path + "/data.mdb"
        let original = try makeDatabase(folder, seed: seed, transactions: 30)
        let expected = try readAll(folder)
        var random = DeterministicRandom(seed: seed)
        var found = 0
        for round in 0..<1500 {
            var bytes = original
            // A third of the changes in page headers and node tables, where LMDB is most easily misled.
            var place = Int.random(in: 0..<bytes.count, using: &random)
            if round % 3 == 0 { place = place / 4096 * 4096 + place % 80 }
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(TestFile.write(bytes, to: file))
            do throws(StorageError) {
                let content = try readAll(folder)
                // An older commit is all a changed meta page may lead to, and then only if the other one is lost.
                #expect(content == expected, "byte \(place)")
            } catch {
                found += 1
            }
        }
        #expect(found > 300)
    }

    @Test func cutFilesAreErrors() throws {
        let folder = try TemporaryDirectory()
        let file = folder.path + "/data.mdb"
        let original = try makeDatabase(folder, seed: 21, transactions: 30)
        let expected = try readAll(folder)
        for size in stride(from: 0, to: original.count, by: 4096 * 3 + 100) {
            #expect(TestFile.write(Array(original[..<size]), to: file))
            do throws(StorageError) {
                #expect(try readAll(folder) == expected, "the rest from \(size) on was not in use")
            } catch {
                #expect("\(error)".hasPrefix("\(file) is cut short: \(size) bytes"))
            }
        }
    }

    @Test func garbageIsNotADatabase() throws {
        let folder = try TemporaryDirectory()
        var random = DeterministicRandom(seed: 3)
        for size in [0, 1, 100, 151, 152, 4096, 8192, 100_000] {
            #expect(TestFile.write(random.bytes(size), to: folder.path + "/data.mdb"))
            for mode in [AccessMode.readOnly, .readWrite] {
                #expect(throws: StorageError.self) { try openEnvironment(folder, mode: mode) }
            }
        }
        #expect(TestFile.write(Array("#!/bin/sh\n".utf8) + random.bytes(9000), to: folder.path + "/data.mdb"))
        do throws(StorageError) {
            _ = try Environment(folder: folder.path, mode: .readOnly, tables: testTableNames)
            Issue.record("opened a shell script")
        } catch {
            #expect("\(error)".hasPrefix("\(folder.path)/data.mdb is not a chain database"))
        }
    }
}
