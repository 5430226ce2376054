import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAIWallet
import Testing

/// Keystores that other programs wrote.
@Suite(.enabled(if: PublicVectors.hasEthereum)) struct KeystoreVectorTests {
    private static let geth = "geth-testdata/accounts/keystore/testdata"

    private func file(_ path: String) throws -> [UInt8] {
        let url = try #require(PublicVectors.ethereum).appending(path: path)
        return try Array(Data(contentsOf: url))
    }

    @Test(arguments: [
        ("ethereum-tests/KeyStoreTests/basic_tests.json", 5), ("\(geth)/v3_test_vector.json", 4),
    ]) func vectorsOpen(path: String, count: Int) throws {
        let vectors = try #require(try PublicVectors.json(path) as? [String: [String: Any]])
        #expect(vectors.count == count)
        for (name, vector) in vectors {
            let json = try JSONSerialization.data(withJSONObject: try #require(vector["json"]))
            let keystore = try Keystore(json: Array(json))
            let password = Array(try #require(vector["password"] as? String).utf8)
            let digits = try #require(vector["priv"] as? String)
            let expected = String(repeating: "0", count: 64 - digits.utf8.count) + digits
            #expect(Hex.encode(try keystore.open(password: password).bytes) == expected, "\(name)")
            #expect(try Keystore(json: keystore.json) == keystore, "\(name)")
            #expect(throws: KeystoreError.wrongPassword, "\(name)") { try keystore.open(password: password + [0x20]) }
        }
    }

    @Test(arguments: [
        ("UTC--2016-03-22T12-57-55.920751759Z--7ef5a6135f1fd6a02593eedc869c6d41d934aef8", "7ef5"),
        ("aaa", "f466"), ("zzz", "289d"), (".hiddenfile", "f466"), ("no-address", "f466"),
        ("foo/fd9bd350f08ee3c0c19b85a8e16114a11a60aa4e", "fd9b"),
    ]) func gethsKeystoresOpen(name: String, address: String) throws {
        let keystore = try Keystore(json: file("\(Self.geth)/keystore/\(name)"))
        let key = try keystore.open(password: Array("foobar".utf8))
        #expect(key.address.hex.hasPrefix(address))
        #expect((keystore.address == nil) == (name == "no-address"))
    }

    @Test func lightScryptOpens() throws {
        let keystore = try Keystore(json: file("\(Self.geth)/very-light-scrypt.json"))
        #expect(try keystore.open(password: []).address == keystore.address)
    }

    @Test func gethsFolderIsListed() throws {
        let folder = try #require(PublicVectors.ethereum).appending(path: "\(Self.geth)/keystore").path
        let listing = try WalletFolder(path: folder).listing()
        let names = listing.entries.map { String($0.path.dropFirst(folder.count + 1).prefix(4)) }
        #expect(names == ["UTC-", "aaa", "zero", "zzz"])
        #expect(listing.entries.map { String($0.address.hex.prefix(4)) } == ["7ef5", "f466", "0000", "289d"])
        #expect(listing.skipped.count == 4)
        for (line, name) in zip(listing.skipped, ["README", "empty", "garbage", "no-address"]) {
            #expect(line.hasPrefix("\(folder)/\(name): "))
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        let zero = try Keystore(json: file("\(Self.geth)/keystore/zero"))
        let real = try #require(Address(Hex.decode("f466859ead1932d743d622cb74fc058882e8648a")))
        #expect(throws: KeystoreError.otherAddress(got: real, expected: .zero)) {
            try zero.open(password: Array("foobar".utf8))
        }
        let old = "\(Self.geth)/v1/cb61d5a9c4896fb9658090b597ef0e7be6f7b67e/cb61d5a9c4896fb9658090b597ef0e7be6f7b67e"
        #expect(throws: KeystoreError.unsupported(field: "version", got: "\"1\"", supported: "3")) {
            try Keystore(json: file(old))
        }
        for name in ["empty", "garbage", "README"] {
            let bytes = try file("\(Self.geth)/keystore/\(name)")
            let error = #expect(throws: KeystoreError.self) { try Keystore(json: bytes) }
            #expect(error?.description.contains("it is no JSON") == true)
        }
    }
}
