// How fast blocks and transactions spread among many nodes in this process that talk over real TCP connections, forward
// passes aside: propagation of blocks, and whether the pools of all nodes come to hold the same.
import Foundation

let usage = """
    usage: NetworkBenchmark [--nodes N] [--degree N] [--blocks N] [--interval MS] [--delay MS] [--transactions N]
           [--senders N] [--verbose]

    --nodes N         nodes, 2 to 64 (default: 20)
    --degree N        links of a node, in the mean, 2 to 16 (default: 6)
    --blocks N        blocks to make at random nodes, 0 to 10000 (default: 100)
    --interval MS     time between two blocks (default: 100)
    --delay MS        round trip of every link: half of it is added to each direction by a proxy (default: 0, no proxy)
    --transactions N  transactions to give to random nodes, 0 to 16000 (default: 10000)
    --senders N       accounts that send them, 1 to 10000 (default: 100)
    --verbose         sizes of all pools every 2 seconds, on standard error
    """

struct Arguments {
    var nodes = 20
    var degree = 6
    var blocks = 100
    var interval = 100
    var delay = 0
    var transactions = 10_000
    var senders = 100
    var isVerbose = false

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--nodes": nodes = try Self.number(rest.popFirst(), in: 2...64)
            case "--degree": degree = try Self.number(rest.popFirst(), in: 2...16)
            case "--blocks": blocks = try Self.number(rest.popFirst(), in: 0...10_000)
            case "--interval": interval = try Self.number(rest.popFirst(), in: 0...60_000)
            case "--delay": delay = try Self.number(rest.popFirst(), in: 0...10_000)
            case "--transactions": transactions = try Self.number(rest.popFirst(), in: 0...16_000)
            case "--senders": senders = try Self.number(rest.popFirst(), in: 1...10_000)
            case "--verbose": isVerbose = true
            default: throw BenchmarkError("\(argument) is no option\n\(usage)")
            }
        }
    }

    private static func number(_ text: String?, in range: ClosedRange<Int>) throws -> Int {
        guard let number = text.flatMap({ Int($0) }), range.contains(number) else {
            throw BenchmarkError("\(text ?? "nothing") is no number from \(range)\n\(usage)")
        }
        return number
    }
}

struct Report: Encodable {
    let nodes: Int
    let links: Int
    let diameter: Int
    /// Added to the round trip of every link.
    let addedRoundTripMilliseconds: Int
    let meshSizes: [Int]
    var blocks: BlockRun?
    var transactions: PoolRun?
    /// What the services reported, all nodes together.
    var events: [String: Int] = [:]
}

func measure(_ arguments: Arguments) async throws -> Bool {
    let accounts = try Accounts(count: arguments.senders)
    let transfers = try accounts.transfers(arguments.transactions, chainID: 7)
    let network = try await Network(arguments, accounts: accounts)
    var report = Report(
        nodes: arguments.nodes, links: network.topology.links.count,
        diameter: network.topology.diameter(nodes: arguments.nodes), addedRoundTripMilliseconds: arguments.delay,
        meshSizes: network.meshSizes)
    if arguments.blocks > 0 {
        report.blocks = try await BlockRun.run(network, blocks: arguments.blocks, interval: arguments.interval)
    }
    if arguments.transactions > 0 {
        report.transactions = try await PoolRun.run(network, transfers, patience: 150) { line in
            if arguments.isVerbose { FileHandle.standardError.write(Data((line + "\n").utf8)) }
        }
    }
    report.events = network.events.all
    await network.stop()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
    return report.blocks?.isGood != false && report.transactions?.isGood != false
}

do {
    exit(try await measure(try Arguments(CommandLine.arguments.dropFirst())) ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("error: \(error)\n".utf8))
    exit(1)
}
