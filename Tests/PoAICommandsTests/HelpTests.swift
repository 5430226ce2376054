import PoAICommands
import Testing

@Suite struct HelpTests {
    @Test func versionAndHelpGoToStandardOutput() {
        let version = CommandRun("--version")
        #expect(version.code == 0 && version.output == "\(Poaid.version)\n" && version.error.isEmpty)
        for arguments in [["help"], ["--help"], ["-h"]] {
            let help = CommandRun(arguments)
            #expect(help.code == 0 && help.error.isEmpty)
            #expect(help.output.contains("USAGE: poaid") && help.output.contains("docs/cli.md"))
        }
    }

    private static let names = Poaid.configuration.subcommands.compactMap { $0.configuration.commandName }

    @Test func theCommandsAreThese() {
        let all = [
            "balance", "bench", "block", "export", "generate-key", "import", "infer", "model", "peers", "quiz",
            "run",
            "selftest",
            "send", "statetest", "tx", "verify", "wallet",
        ]
        #expect(Self.names.sorted() == all)
    }

    @Test(arguments: names) func everyCommandExplainsItself(name: String) {
        let help = CommandRun("help", name)
        #expect(help.code == 0 && help.error.isEmpty)
        #expect(help.output.contains("OVERVIEW: ") && help.output.contains("USAGE: poaid \(name)"))
        #expect(CommandRun(name, "--help").output == help.output)
    }
}
