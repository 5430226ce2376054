import ArgumentParser
import PoAIJSON
import PoAINode
import PoAIWallet

struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "Show the nodes that a running node is connected to.",
        discussion: "Ask a node of this machine: it tells nobody else.")

    @OptionGroup var node: NodeOptions

    @Flag(help: "Print JSON: the node's own words.")
    var json = false

    func run() throws {
        let client = try node.node().client
        let peers = try client.call("admin_peers", [])
        if json { return JSONLine.print(json: peers) }
        let own = NodeText(json: try client.call("admin_nodeInfo", []))
        guard case .list(let entries) = peers else {
            throw Failure("\(client.shownURL): it answered admin_peers with \(peers), not a list (is it a poaid?)")
        }
        Output.line("This node   \(own.plain("enode"))")
        Output.line("Peers       \(entries.count)")
        for entry in entries { Self.show(entry) }
    }

    private static func score(_ text: String) -> String { Double(text).map { HumanNumbers.fixed($0, 1) } ?? text }

    private static func show(_ entry: JSONValue) {
        let peer = NodeText(json: entry)
        let network = NodeText(json: entry["network"] ?? .null)
        let chain = NodeText(json: entry["protocols"]?["poai"] ?? .null)
        let way = network.json["inbound"] == true ? "in " : "out"
        let height = chain.quantity("height").map { "height \($0)" } ?? "height ?"
        Output.line(
            "\(way)  \(peer.plain("enode"))  \(peer.plain("name"))  \(height)  score \(score(network.plain("score")))")
    }
}
