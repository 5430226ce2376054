import ArgumentParser

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine: its mining speed, or how fast it runs contracts.",
        discussion: "'poaid bench --seconds 5' is 'poaid bench model --seconds 5'.",
        subcommands: [BenchModelCommand.self, BenchEVMCommand.self], defaultSubcommand: BenchModelCommand.self)
}
