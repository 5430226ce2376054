import ArgumentParser

/// Where the chain is kept.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of the chain.", valueName: "folder"))
    var dataDir = "data"

    func validate() throws {
        if dataDir.isEmpty { throw ValidationError("--data-dir: it is empty (name a folder)") }
    }
}
