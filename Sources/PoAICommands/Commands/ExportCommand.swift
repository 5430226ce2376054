import ArgumentParser
import PoAIChain

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write blocks to a file, their RLP one after another.",
        discussion: "The file is never written over. 'poaid import' reads it.")

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("The file to write; may also be given without --output.", valueName: "file"))
    var output: String?

    @Argument(help: .hidden)
    var file: String?

    @Option(help: ArgumentHelp("First block.", valueName: "height"))
    var from: UInt64 = 1

    @Option(help: ArgumentHelp("Last block; the head unless given.", valueName: "height"))
    var to: UInt64?

    func validate() throws {
        guard (output == nil) != (file == nil) else {
            throw ValidationError("--output: name one file to write")
        }
        if let to, to < from {
            throw ValidationError("--to: it must not be below --from, got \(to) and \(from)")
        }
    }

    func run() throws {
        let path = output ?? file ?? ""
        let progress = ProgressLine()
        let count = try ChainReader(dataDirectory: data.dataDir).export(path: path, from: from, to: to) { done in
            progress.show("\(done) blocks")
        }
        progress.clear()
        Output.line("\(count) blocks written to \(path)")
    }
}
