import ArgumentParser
import PoAIPrimitives
import PoAIRPC

/// Where and to whom a node serves JSON-RPC.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where JSON-RPC listens; 127.0.0.1 unless given. Who reaches it can use the node.", valueName: "address"))
    var rpcHost = "127.0.0.1"

    @Option(help: ArgumentHelp("Its port; 8545 unless given, 0: any that is free.", valueName: "port"))
    var rpcPort = 8545

    @Flag(help: "Serve no JSON-RPC.")
    var noRpc = false

    @Option(
        help: ArgumentHelp(
            "A web page's origin that may read answers, such as https://example.org; '*': all. Repeatable.",
            valueName: "origin"))
    var rpcCorsOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "A name that clients may call the node by, besides localhost and addresses; '*': all. Repeatable.",
            valueName: "name"))
    var rpcAllowedHost: [String] = []

    @Option(help: ArgumentHelp("Calls a second of one client address, in the long run.", valueName: "count"))
    var rpcRate: Int?

    @Option(
        help: ArgumentHelp(
            "Least tip of a transaction that the pool takes, in wei per gas; 0 unless given.", valueName: "wei"),
        transform: Arguments.wei)
    var minTip = UInt256.zero

    func validate() throws {
        guard (0...65_535).contains(rpcPort) else {
            throw ValidationError("--rpc-port: \(rpcPort) is no port from 0 to 65535")
        }
        if let rpcRate, !(1...1_000_000).contains(rpcRate) {
            throw ValidationError("--rpc-rate: \(rpcRate) is not from 1 to 1000000 calls a second")
        }
        if rpcHost.isEmpty { throw ValidationError("--rpc-host: it is empty (127.0.0.1 is this machine only)") }
    }

    /// What the server is told; nil: there is none.
    var configuration: RPCServer.Configuration? {
        if noRpc { return nil }
        var configuration = RPCServer.Configuration()
        configuration.host = rpcHost
        configuration.port = rpcPort
        configuration.corsOrigins = rpcCorsOrigin
        configuration.allowedHosts += rpcAllowedHost
        configuration.limits.rate = rpcRate.map { RPCRate(perSecond: $0, burst: max($0, 100)) }
        return configuration
    }
}
