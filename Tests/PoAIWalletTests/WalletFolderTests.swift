import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAIWallet
import Testing

@Suite struct WalletFolderTests {
    private static let light = KeyDerivation.scrypt(n: 2, r: 1, p: 1)
    private let base: TemporaryDirectory
    private let folder: WalletFolder

    init() throws {
        base = try TemporaryDirectory()
        folder = WalletFolder(path: base.path("a/keystore/"))
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func keysGoInAndComeOut() throws {
        #expect(try folder.listing() == WalletFolder.Listing())
        let keys = (0..<3).map { _ in PrivateKey.generate() }
        for (index, key) in keys.enumerated() {
            let date = Date(timeIntervalSince1970: 1_458_651_475.5 + Double(index))
            let entry = try folder.add(key, password: [1], derivation: Self.light, date: date)
            let name = "UTC--2016-03-22T12-57-5\(5 + index).500000000Z--\(key.address.hex)"
            #expect(entry.path == base.path("a/keystore/\(name)") && entry.address == key.address)
            #expect(try mode(entry.path) == 0o600)
            #expect(try WalletFolder.key(in: entry.path, password: [1]).bytes == key.bytes)
        }
        #expect(try mode(folder.path) == 0o700)
        #expect(try folder.listing().entries.map(\.address) == keys.map(\.address))
        #expect(try folder.listing().skipped.isEmpty)
        #expect(try folder.entry(of: keys[1].address).address == keys[1].address)
        #expect(throws: WalletFolderError.ambiguous(path: folder.path, count: 3)) { try folder.entry(of: nil) }
        #expect(throws: WalletFolderError.missing(path: folder.path, address: .zero)) {
            try folder.entry(of: .zero)
        }
    }

    @Test func anAddressIsStoredOnce() throws {
        let key = PrivateKey.generate()
        #expect(throws: WalletFolderError.missing(path: folder.path, address: nil)) { try folder.entry(of: nil) }
        let entry = try folder.add(key, password: [1], derivation: Self.light)
        #expect(try folder.entry(of: nil) == entry)
        let before = TestFile.read(entry.path)
        #expect(throws: WalletFolderError.present(address: key.address, path: entry.path)) {
            try folder.add(key, password: [2], derivation: Self.light)
        }
        #expect(TestFile.read(entry.path) == before)
    }

    @Test func nothingIsWrittenOver() throws {
        let key = PrivateKey.generate()
        let date = Date(timeIntervalSince1970: 0)
        let path = folder.path + "/UTC--1970-01-01T00-00-00.000000000Z--\(key.address.hex)"
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        #expect(TestFile.write(Array("mine".utf8), to: path))
        #expect(throws: WalletFolderError.file(.exists(path: path))) {
            try folder.add(key, password: [], derivation: Self.light, date: date)
        }
        #expect(TestFile.read(path) == Array("mine".utf8))
    }

    @Test(arguments: [-1e300, -1, 0, 1e18, 1e300, .infinity]) func anyDateMakesAName(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let entry = try folder.add(PrivateKey.generate(), password: [], derivation: Self.light, date: date)
        #expect(try folder.entry(of: nil) == entry)
    }

    @Test func placesThatAreNoFoldersAreNamed() throws {
        let file = base.path("file")
        #expect(TestFile.write([], to: file))
        for path in [file, "\(file)/below"] {
            let error = #expect(throws: WalletFolderError.self) {
                try WalletFolder(path: path).add(PrivateKey.generate(), password: [], derivation: Self.light)
            }
            #expect(error?.description.contains(file) == true)
        }
        #expect(throws: WalletFolderError.file(.system(path: file, operation: "list", code: ENOTDIR))) {
            try WalletFolder(path: file).listing()
        }
        #expect(throws: WalletFolderError.self) { try WalletFolder.key(in: base.path("none"), password: []) }
        #expect(throws: WalletFolderError.self) { try WalletFolder.key(in: base.path, password: []) }
    }

    @Test func keyFilesAreReadStrictly() throws {
        let key = PrivateKey.generate()
        let path = base.path("key")
        for text in ["\(Hex.encode(key.bytes))\n", "0x\(Hex.encode(key.bytes))", "  \(Hex.encode(key.bytes))\r\n"] {
            #expect(TestFile.write(Array(text.utf8), to: path))
            #expect(try SecretFile.readKey(path).bytes == key.bytes)
        }
        for text in ["", "\(Hex.encode(key.bytes))00", String(repeating: "00", count: 32), "ключ"] {
            #expect(TestFile.write(Array(text.utf8), to: path))
            #expect(throws: KeyFileError.noKey(path: path)) { try SecretFile.readKey(path) }
        }
        #expect(TestFile.write([UInt8](repeating: 0x20, count: 1025), to: path))
        #expect(throws: KeyFileError.tooLong(path: path, limit: 1024)) { try SecretFile.readKey(path) }
    }
}
