import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAIWallet
import Testing

@Suite struct WalletCommandTests {
    private let folder: TemporaryDirectory
    private let keystores: String
    private let password: String

    init() throws {
        folder = try TemporaryDirectory()
        keystores = folder.path("keystore")
        password = folder.path("password")
        #expect(TestFile.write(Array("secret\n".utf8), to: password))
    }

    private func run(_ words: String..., opens: Bool = true) -> CommandRun {
        CommandRun(
            ["wallet"] + words + ["--keystore-dir", keystores] + (opens ? ["--password-file", password] : []))
    }

    @Test func keysGoRound() throws {
        let report = try run("new", "--json").json()
        #expect(Set(report.keys) == ["address", "file"])
        let (address, file) = (try #require(report["address"] as? String), try #require(report["file"] as? String))
        #expect(file.hasPrefix(keystores + "/UTC--"))
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(run("list", opens: false).output == "\(address)  \(file)\n")
        let list = try run("list", "--json", opens: false).json()
        #expect((list["keystores"] as? [[String: String]]) == [["address": address, "file": file]])
        let digits = run("export").output
        #expect(PrivateKey(text: digits)?.address.checksummed == address)
        let keyFile = folder.path("key.txt")
        #expect(run("export", "--addr", address, "--output", keyFile).output == "\(address)  \(keyFile)\n")
        #expect(TestFile.read(keyFile) == Array(digits.utf8))
        #expect(try FileManager.default.attributesOfItem(atPath: keyFile)[.posixPermissions] as? Int == 0o600)
        run("export", "--output", keyFile).expectError(1, keyFile, "never written over", "--output)")
        run("import", keyFile).expectError(1, file, "already")
        // The same key through another folder, from both kinds of file.
        for source in [keyFile, file] {
            let other = folder.path("other-\(source == file)")
            let taken = CommandRun(
                "wallet", "import", source, "--keystore-dir", other, "--password-file", password, "--json")
            #expect(try taken.json()["address"] as? String == address)
            let entry = try WalletFolder(path: other).entry(of: nil)
            #expect(try WalletFolder.key(in: entry.path, password: Array("secret".utf8)).address.checksummed == address)
        }
    }

    @Test func mistakesChangeNothing() throws {
        let wallet = WalletFolder(path: keystores)
        let key = PrivateKey.generate()
        let entry = try wallet.add(key, password: Array("other".utf8), derivation: .scrypt(n: 2, r: 1, p: 1))
        run("export").expectError(1, entry.path, "the password does not open it")
        run("export", "--addr", Address.zero.hex).expectError(1, keystores, "poaid wallet list")
        run("new", opens: false).expectError(1, "--password-file")
        run("import", folder.path("none")).expectError(1, folder.path("none"), "No such file")
        run("import", password).expectError(1, password, "64 hex digits")
        let empty = folder.path("empty")
        #expect(TestFile.write(Array("\n".utf8), to: empty))
        CommandRun("wallet", "new", "--keystore-dir", keystores, "--password-file", empty)
            .expectError(1, empty, "choose a password")
        CommandRun("wallet", "new", "--keystore-dir", "").expectError(64, "--keystore-dir", "name a folder")
        #expect(TestFile.write(Array("{\"version\":3}".utf8), to: empty))
        run("import", empty).expectError(1, empty, "crypto")
        #expect(try wallet.listing().entries == [entry])
    }

    @Test func listsSayWhatIsNone() throws {
        let nothing = run("list", opens: false)
        #expect(nothing.code == 0 && nothing.output.isEmpty && nothing.error.contains("poaid wallet new"))
        try FileManager.default.createDirectory(atPath: keystores, withIntermediateDirectories: true)
        #expect(TestFile.write([0xff, 0x1b], to: keystores + "/junk"))
        let run = run("list", opens: false)
        #expect(run.code == 0 && run.error.contains("skipped: \(keystores)/junk: "))
    }
}
