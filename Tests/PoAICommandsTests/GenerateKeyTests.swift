import Foundation
import PoAICommands
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct GenerateKeyTests {
    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func key(_ hex: String) throws -> PrivateKey { try PrivateKey(bytes: Hex.decode(hex)) }

    @Test func withoutSaveEverythingIsPrintedAndNothingStored() throws {
        let run = CommandRun("generate-key", "--json")
        let report = try run.json()
        #expect(run.code == 0 && run.error.isEmpty)
        #expect(Set(report.keys) == ["address", "publicKey", "privateKey"])
        let key = try key(try #require(report["privateKey"] as? String))
        #expect(report["address"] as? String == key.address.hex)
        #expect(report["publicKey"] as? String == Hex.encode(key.publicKey.bytes))
        #expect(CommandRun("generate-key", "--json").output != run.output)
        let lines = CommandRun("generate-key").output.split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(lines == ["Private key", "Public key", "Address"])
    }

    @Test func saveMakesThreeFilesAndKeepsTheKeySecret() throws {
        let base = try TemporaryDirectory()
        let folder = base.path("a/b")
        let run = CommandRun("generate-key", "--save", "--json", "--output-dir", folder + "/")
        let report = try run.json()
        #expect(Set(report.keys) == ["address", "publicKey", "privateKeyFile", "addressFile", "minerConfigFile"])
        let (secret, address) = (folder + "/poai_private_key.txt", folder + "/poai_address.txt")
        let config = folder + "/poai_miner_config.txt"
        #expect(report["privateKeyFile"] as? String == secret)
        #expect(report["addressFile"] as? String == address)
        #expect(report["minerConfigFile"] as? String == config)
        #expect(try mode(secret) == 0o600)
        #expect(try mode(folder) == 0o700)
        let hex = try text(secret)
        #expect(hex.utf8.count == 65 && hex.hasSuffix("\n"))
        #expect(try key(String(hex.dropLast())).address.hex + "\n" == text(address))
        #expect(report["address"] as? String == String(try text(address).dropLast()))
        #expect(try text(config).contains("\nMINER_ADDRESS=\(text(address))"))
        #expect(!run.output.contains(hex.dropLast()) && !run.error.contains(hex.dropLast()))
        #expect(try !text(config).contains(hex.dropLast()))
    }

    @Test(arguments: ["poai_private_key.txt", "poai_address.txt", "poai_miner_config.txt"])
    func whatIsThereIsNeverWrittenOver(name: String) throws {
        let folder = try TemporaryDirectory()
        #expect(TestFile.write(Array("mine".utf8), to: folder.path(name)))
        CommandRun("generate-key", "--save", "--output-dir", folder.path)
            .expectError(1, folder.path(name), "never written over", "--output-dir")
        #expect(TestFile.read(folder.path(name)) == Array("mine".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let folder = try TemporaryDirectory()
        #expect(TestFile.write([], to: folder.path("file")))
        for name in ["file", "file/below"] {
            CommandRun("generate-key", "--save", "--output-dir", folder.path(name)).expectError(1, folder.path("file"))
        }
    }
}
