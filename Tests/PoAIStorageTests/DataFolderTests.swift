import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct DataFolderTests {
    private let bodies = RawTable(.bodies)
    private let identity = DatabaseIdentity(
        network: "testnet", genesisHash: Keccak256.hash([1]), parametersHash: Keccak256.hash([2]),
        specification: [3, 4])

    private func open(_ path: String, as identity: DatabaseIdentity? = nil) throws -> DataFolder {
        try DataFolder(path: path, expecting: identity ?? self.identity) { (transaction) throws(StorageError) in
            try bodies.put(RawKey([0]), StoredBytes([42]), in: transaction)
        }
    }

    private func firstRecord(_ folder: DataFolder) throws -> [UInt8]? {
        try folder.environment.read { (snapshot) throws(StorageError) in
            try bodies.get(RawKey([0]), in: snapshot)?.bytes
        }
    }

    @Test func aNewFolderIsMadeAndFoundAgain() throws {
        let base = try TemporaryDirectory()
        let path = base.path + "/a/b/c"
        #expect(!DataFolder.hasDatabase(at: path))
        #expect(try firstRecord(try open(path)) == [42])
        #expect(DataFolder.hasDatabase(at: path))
        #expect(try firstRecord(try open(path)) == [42])
        let reader = try DataFolder(readingFrom: path)
        #expect(try firstRecord(reader) == [42])
        #expect(reader.identity == identity)
        #expect(reader.identity.specification == [3, 4])
    }

    @Test func aFailedCreationLeavesNothing() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: StorageError.misuse("no")) {
            try DataFolder(path: folder.path, expecting: identity) { (_) throws(StorageError) in throw .misuse("no") }
        }
        #expect(!DataFolder.hasDatabase(at: folder.path))
        #expect(throws: StorageError.noDatabase(folder: folder.path)) { try DataFolder(readingFrom: folder.path) }
        #expect(try firstRecord(try open(folder.path)) == [42])
    }

    @Test func leftoversOfACrashedCreationAreCleared() throws {
        let folder = try TemporaryDirectory()
        #expect(mkdir(folder.path + "/creating", 0o755) == 0)
        #expect(TestFile.write([1, 2, 3], to: folder.path + "/creating/data.mdb"))
        #expect(try firstRecord(try open(folder.path)) == [42])
        #expect(access(folder.path + "/creating", F_OK) != 0)
    }

    @Test func aSecondNodeIsRefusedWithTheFirstOnesNumber() throws {
        let folder = try TemporaryDirectory()
        let first = try open(folder.path)
        #expect(throws: StorageError.folderInUse(folder: folder.path, pid: getpid())) { try open(folder.path) }
        #expect(try firstRecord(first) == [42])
    }

    @Test func anotherNetworksDatabaseIsRefused() throws {
        let folder = try TemporaryDirectory()
        _ = try open(folder.path)
        var others = [identity, identity, identity]
        others[0].network = "mainnet"
        others[1].genesisHash = .zero
        others[2].parametersHash = .zero
        for other in others {
            let expected = StorageError.otherNetwork(folder: folder.path, found: "\(identity)", expected: "\(other)")
            #expect(throws: expected) { try open(folder.path, as: other) }
        }
        #expect(try firstRecord(try open(folder.path)) == [42])
    }

    private func setSchema(_ folder: TemporaryDirectory, _ bytes: [UInt8]?) throws {
        try openEnvironment(folder).write { (transaction) throws(StorageError) in
            let key = RawKey(Array("schema".utf8))
            if let bytes {
                try RawTable(.meta).put(key, StoredBytes(bytes), in: transaction)
            } else {
                try RawTable(.meta).delete(key, in: transaction)
            }
            return .commit(())
        }
    }

    @Test func aNewerLayoutIsRefusedUnchanged() throws {
        let folder = try TemporaryDirectory()
        _ = try open(folder.path)
        try setSchema(folder, [0, 0, 0, 0, 0, 0, 0, 3])
        let before = TestFile.read(folder.path + "/data.mdb")
        let expected = StorageError.newerSchema(folder: folder.path, found: 3, supported: 2)
        #expect(throws: expected) { try open(folder.path) }
        #expect(throws: expected) { try DataFolder(readingFrom: folder.path) }
        #expect(TestFile.read(folder.path + "/data.mdb") == before)
    }

    @Test func anOlderLayoutIsRefusedUnchanged() throws {
        let folder = try TemporaryDirectory()
        _ = try open(folder.path)
        try setSchema(folder, [0, 0, 0, 0, 0, 0, 0, 1])
        let before = TestFile.read(folder.path + "/data.mdb")
        let expected = StorageError.olderSchema(folder: folder.path, found: 1, supported: 2)
        #expect(throws: expected) { try open(folder.path) }
        #expect(throws: expected) { try DataFolder(readingFrom: folder.path) }
        #expect(TestFile.read(folder.path + "/data.mdb") == before)
    }

    @Test func aDatabaseWithoutLayoutVersionIsForeign() throws {
        let folder = try TemporaryDirectory()
        _ = try open(folder.path)
        for bytes in [nil, [], [1]] as [[UInt8]?] {
            try setSchema(folder, bytes)
            let expected = StorageError.foreignDatabase(folder: folder.path, detail: "it has no layout version")
            #expect(throws: expected) { try open(folder.path) }
        }
    }

    /// A well-formed LMDB file of another program: with a table whose name we use too, or with a plain record instead.
    private func makeForeign(_ folder: TemporaryDirectory, asTable: Bool) throws {
        _ = try Environment(folder: folder.path, mode: .readWrite, tables: ["accounts"])
        if asTable { return }
        // A node's flags lie four bytes before its key; 2 says that the record is a table.
        var bytes = try #require(TestFile.read(folder.path + "/data.mdb"))
        let name = Array("accounts".utf8)
        let places = bytes.indices.filter { $0 >= 4 && bytes[$0...].starts(with: name) && bytes[$0 - 4] == 2 }
        #expect(places.count == 1)
        for place in places { bytes[place - 4] = 0 }
        #expect(TestFile.write(bytes, to: folder.path + "/data.mdb"))
    }

    @Test(arguments: [true, false]) func otherProgramsDatabasesAreRefusedUnchanged(asTable: Bool) throws {
        let folder = try TemporaryDirectory()
        try makeForeign(folder, asTable: asTable)
        let before = TestFile.read(folder.path + "/data.mdb")
        #expect(throws: StorageError.self) { try open(folder.path) }
        #expect(throws: StorageError.self) { try DataFolder(readingFrom: folder.path) }
        #expect(TestFile.read(folder.path + "/data.mdb") == before)
        if asTable {
            let expected = StorageError.foreignDatabase(folder: folder.path, detail: "it has no table meta")
            #expect(throws: expected) { try open(folder.path) }
        }
    }

    @Test func aCutOrEmptyFileIsNotTakenForANewFolder() throws {
        let folder = try TemporaryDirectory()
        _ = try open(folder.path)
        for size in [0, 100, 4096, 8192] {
            let bytes = try #require(TestFile.read(folder.path + "/data.mdb"))
            #expect(TestFile.write(Array(bytes.prefix(size)), to: folder.path + "/data.mdb"))
            #expect(throws: StorageError.self) { try open(folder.path) }
            #expect(throws: StorageError.self) { try DataFolder(readingFrom: folder.path) }
            #expect(TestFile.write(bytes, to: folder.path + "/data.mdb"))
        }
        #expect(try firstRecord(try open(folder.path)) == [42])
    }

    @Test func aFileInTheFoldersPlaceIsNamed() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/file"
        #expect(TestFile.write([1], to: path))
        #expect(throws: StorageError.system(path: path, operation: "use as a folder", code: ENOTDIR)) {
            try open(path)
        }
        #expect(throws: StorageError.self) { try open(path + "/below") }
        #expect(throws: StorageError.self) { try DataFolder(readingFrom: path) }
    }
}
