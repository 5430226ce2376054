import Foundation
import PoAICommands
import PoAINode
import PoAITestSupport
import Testing

/// A network on a model of a few kilobytes where nearly every try wins, and a chain of it that `poaid run` mined.
struct TinyChain {
    static let miner = String(repeating: "11", count: 20)

    let folder: TemporaryDirectory
    let model: ScratchFile
    /// The chain spec, as `--chain-spec` takes it.
    let spec: String
    /// The data folder.
    let data: String

    /// The network alone; there is nothing in `data` yet.
    init() throws {
        folder = try TemporaryDirectory()
        model = ScratchFile(TinyLlama().file())
        (spec, data) = (folder.path("tiny.json"), folder.path("data"))
        let digest = try #require(try FileDigest.sha256(of: model.path))
        let devnet = try String(
            contentsOf: PackageRoot.file("Sources/PoAINode/ChainSpecs/devnet.json"), encoding: .utf8)
        let text = devnet.replacing("\"devnet\"", with: "\"tiny\"").replacing("0x20066666", with: "0x2100ffff")
            .replacing("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", with: digest)
        try #require(TestFile.write(Array(text.utf8), to: spec))
    }

    /// The arguments of a run that mines up to `height` and ends.
    func mining(to height: Int) -> [String] {
        [
            "run", "--data-dir", data, "--chain-spec", spec, "--model-path", model.path, "--miner-address", Self.miner,
            "--stop-at-height", "\(height)", "--threads", "1", "--log-format", "json", "--rpc-port", "0",
        ]
    }

    /// A chain of `height` blocks, mined by a process of its own: a node changes what its process does on signals.
    static func mined(_ height: Int) async throws -> (chain: TinyChain, log: [[String: Any]]) {
        let chain = try TinyChain()
        let arguments = chain.mining(to: height)
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [arguments = arguments as [String]] in
            exit(Program.run(arguments))
        }
        let output = try #require(result).standardOutputContent
        let lines = output.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "{\"".utf8) }
        return (chain, lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] })
    }

    /// Runs a command on this chain's data folder.
    func run(_ command: String..., model: ScratchFile? = nil) -> CommandRun {
        let needsModel = ["verify", "quiz", "import"].contains(command[0])
        let modelPath = needsModel ? ["--model-path", (model ?? self.model).path, "--threads", "1"] : []
        return CommandRun(command + ["--data-dir", data] + modelPath)
    }

    /// `import` of a file into a folder of its own, by the tiny network's rules.
    func importing(_ file: String, into name: String) -> CommandRun {
        CommandRun(
            "import", file, "--data-dir", folder.path(name), "--chain-spec", spec, "--model-path", model.path,
            "--threads", "1")
    }
}
