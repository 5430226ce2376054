import ArgumentParser
import PoAIWallet

/// Which node to ask.
struct NodeOptions: ParsableArguments {
    /// Where a node on this machine listens.
    static let defaultURL = "http://127.0.0.1:8545"

    @Option(
        help: ArgumentHelp("The node's address; \(defaultURL) unless given.", valueName: "url"),
        transform: Arguments.node)
    var rpcUrl: RPCClient?

    func node() throws -> Node { Node(try rpcUrl ?? RPCClient(url: Self.defaultURL)) }
}
