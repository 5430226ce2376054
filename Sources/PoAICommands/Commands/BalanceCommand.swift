import ArgumentParser
import PoAIChain
import PoAIPrimitives
import PoAIWallet

struct BalanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balance", abstract: "Show what an address owns; also while the node is mining.")

    @Option(
        help: ArgumentHelp("40 hex digits, with or without 0x.", valueName: "address"), transform: Arguments.address)
    var addr: Address

    @Option(help: ArgumentHelp("Folder of the chain; 'data' unless given.", valueName: "folder"))
    var dataDir: String?

    @Option(
        help: ArgumentHelp("Ask this node, instead of reading a folder.", valueName: "url"), transform: Arguments.node)
    var rpcUrl: RPCClient?

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints; amounts are strings, as they do not fit the numbers of many JSON readers.
    struct Report: Encodable {
        var address: String
        var wei: String
        var poai: String
    }

    func validate() throws {
        if dataDir?.isEmpty == true { throw ValidationError("--data-dir: it is empty (name a folder)") }
        if dataDir != nil, rpcUrl != nil {
            throw ValidationError("--rpc-url: the balance comes from a node or from --data-dir (drop one of them)")
        }
    }

    func run() throws {
        let wei =
            try rpcUrl.map { try Node($0).balance(addr) } ?? ChainReader(dataDirectory: dataDir ?? "data").balance(addr)
        let report = Report(address: addr.hex, wei: wei.description, poai: Amount.poai(wei))
        if json { try JSONLine.print(report) } else { Output.line("\(report.poai) POAI (\(report.wei) wei)") }
    }
}
