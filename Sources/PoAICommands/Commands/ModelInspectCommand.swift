import ArgumentParser
import PoAIModel
import PoAINode

struct ModelInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show the shape, the metadata and the tensors of a GGUF model.")

    @Argument(help: "The model, a GGUF file.")
    var path = ModelPackage.smolLM2.defaultPath

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = ModelReport(try GGUFFile(path: path), sha256: try FileDigest.sha256(of: path) ?? "")
        if json { try JSONLine.print(report) } else { report.lines.forEach(Output.line) }
    }
}
