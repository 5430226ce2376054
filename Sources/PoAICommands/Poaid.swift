import ArgumentParser
import PoAINode

/// The command `poaid`: what it can do, and what it does when told nothing.
public struct Poaid: ParsableCommand {
    /// The program's version, as `--version` prints it.
    public static let version = NodeVersion.text

    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "poaid",
        abstract: "A blockchain node whose proof of work is a language model's forward pass.",
        discussion: """
            Without a command it runs a node: 'poaid --data-dir data ...' is 'poaid run --data-dir data ...'.
            'poaid help COMMAND' explains a command; docs/cli.md lists them all.
            """,
        version: version,
        subcommands: [
            RunCommand.self, GenerateKeyCommand.self, BalanceCommand.self, VerifyCommand.self, BenchCommand.self,
            SelfTestCommand.self, QuizCommand.self, InferCommand.self, ModelCommand.self, ExportCommand.self,
            ImportCommand.self, StateTestCommand.self, WalletCommand.self, SendCommand.self, TransactionCommand.self,
            BlockCommand.self, PeersCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    /// For the argument parser.
    public init() {}
}
