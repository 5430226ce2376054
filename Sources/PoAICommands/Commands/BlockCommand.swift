import ArgumentParser
import PoAIJSON
import PoAIPrimitives
import PoAIWallet

struct BlockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "block", abstract: "Show a block.")

    @Argument(
        help: ArgumentHelp("Its height, its hash, or 'latest'.", valueName: "block"), transform: Self.name)
    var block: Node.BlockName

    @OptionGroup var node: NodeOptions

    @Flag(help: "Print JSON: the node's own words.")
    var json = false

    private static func name(_ text: String) throws -> Node.BlockName {
        if text == "latest" { return .latest }
        if let number = UInt64(text), !text.hasPrefix("+") { return .number(number) }
        guard let hash = try? Hash32(hex: text) else {
            throw ValidationError("it must be a height such as 17, a hash of 64 hex digits, or 'latest'")
        }
        return .hash(hash)
    }

    func run() throws {
        let node = try self.node.node()
        guard let block = try node.block(block) else {
            throw Failure("\(self.block): the node at \(node.client.shownURL) has no such block (try 'latest')")
        }
        if json { return JSONLine.print(json: block) }
        let text = NodeText(json: block)
        NodeText.print(
            [
                ("Block", "\(text.number("number")) \(text.plain("hash"))"), ("Parent", text.plain("parentHash")),
                ("Time", text.time("timestamp")), ("Miner", text.address("miner")),
                ("Gas", "\(text.number("gasUsed")) of \(text.number("gasLimit"))"),
                ("Base fee", "\(text.number("baseFeePerGas")) wei a gas"), ("State", text.plain("stateRoot")),
            ] + Self.transactions(of: block))
    }

    private static func transactions(of block: JSONValue) -> [(String, String)] {
        guard case .list(let hashes)? = block["transactions"], !hashes.isEmpty else {
            return [("Transactions", "none")]
        }
        return hashes.enumerated().map { index, hash in
            var text = hash.description
            if case .text(let plain) = hash { text = plain }
            return (index == 0 ? "Transactions" : "", ForeignText.line(text, limit: 100))
        }
    }
}
