import ArgumentParser
import PoAIChain
import PoAIPrimitives

struct BalanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Show what an address owns; also while the node is mining.")

    @Option(
        help: ArgumentHelp("40 hex digits, with or without 0x.", valueName: "address"), transform: Arguments.address)
    var addr: Address

    @OptionGroup var data: DataOptions

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints; amounts are strings, as they do not fit the numbers of many JSON readers.
    struct Report: Encodable {
        var address: String
        var wei: String
        var poai: String
    }

    func run() throws {
        let wei = try ChainReader(dataDirectory: data.dataDir).balance(addr)
        let report = Report(address: addr.hex, wei: wei.description, poai: Amount.poai(wei))
        if json { try JSONLine.print(report) } else { Output.line("\(report.poai) POAI (\(report.wei) wei)") }
    }
}
