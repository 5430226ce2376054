import ArgumentParser
import PoAIJSON
import PoAIPrimitives
import PoAIWallet

struct TransactionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tx", abstract: "Show a transaction and what became of it.")

    @Argument(help: ArgumentHelp("Its hash, 64 hex digits.", valueName: "hash"), transform: Arguments.hash)
    var hash: Hash32

    @OptionGroup var node: NodeOptions

    @Flag(help: "Print JSON: the node's own words.")
    var json = false

    func run() throws {
        let node = try self.node.node()
        guard let transaction = try node.transaction(hash) else {
            throw Failure("\(hash): the node at \(node.client.shownURL) knows no such transaction (check the hash)")
        }
        let receipt = try node.receipt(hash)
        if json { return JSONLine.print(json: ["receipt": receipt ?? .null, "transaction": transaction]) }
        let text = NodeText(json: transaction)
        NodeText.print(
            [
                ("Transaction", hash.hex), ("From", text.address("from")),
                ("To", transaction["to"] == .null ? "a new contract" : text.address("to")),
                ("Amount", text.amount("value")), ("Nonce", text.number("nonce")),
            ] + Self.rows(of: receipt))
    }

    private static func rows(of receipt: JSONValue?) -> [(String, String)] {
        guard let receipt else { return [("Status", "waiting for a block")] }
        let text = NodeText(json: receipt)
        let status = text.quantity("status")
        var rows = [
            ("Status", status == .one ? "succeeded" : status == .zero ? "failed" : text.plain("status")),
            ("Block", "\(text.number("blockNumber")) \(text.plain("blockHash"))"),
            ("Gas", text.number("gasUsed")),
        ]
        if let gas = text.quantity("gasUsed"), let price = text.quantity("effectiveGasPrice") {
            rows.append(("Fee", "\(Amount.poai(gas &* price)) POAI"))
        }
        if text.quantity("contractAddress") != nil { rows.append(("Contract", text.address("contractAddress"))) }
        return rows
    }
}
