import PoAIChain
import PoAIPrimitives
import PoAITypes
import Synchronization

/// Blocks made at random nodes, and when the others had them.
struct BlockRun: Encodable {
    let blocks: Int
    let intervalMilliseconds: Int
    /// Pairs of a block and another node that should have got it.
    let pairs: Int
    /// Of these, those that did not.
    let missing: Int
    /// From the announcement to the new head elsewhere.
    let p50Milliseconds: Double
    let p95Milliseconds: Double
    let p99Milliseconds: Double
    let maxMilliseconds: Double
    /// To make a block and to store it at its node; what each node on a block's way spends beside the network.
    let importP50Milliseconds: Double
    let headsEqual: Bool

    var isGood: Bool { missing == 0 && headsEqual }

    private struct Arrival: Hashable {
        let block: Hash32
        let node: Int
    }

    static func run(_ network: Network, blocks: Int, interval: Int) async throws -> BlockRun {
        let arrivals = Mutex([Arrival: ContinuousClock.Instant]())
        let subscriptions = network.nodes.map { node in
            node.chain.subscribe { change in
                let now = ContinuousClock.now
                arrivals.withLock { arrivals in
                    for block in change.added { arrivals[Arrival(block: block.hash, node: node.index)] = now }
                }
            }
        }
        defer { subscriptions.forEach { $0.cancel() } }
        var announced: [(hash: Hash32, node: Int, at: ContinuousClock.Instant)] = []
        var imports: [Double] = []
        for number in 0..<blocks {
            let start = ContinuousClock.now
            let (block, node) = try await make(after: announced.last?.hash, network)
            let made = ContinuousClock.now
            announced.append((block.hash, node.index, made))
            node.service.announce(block)
            imports.append((made - start) / .milliseconds(1))
            if number + 1 < blocks { try await Task.sleep(until: start + .milliseconds(interval)) }
        }
        func isComplete() -> Bool { arrivals.withLock { $0.count == blocks * network.nodes.count } }
        try await waiting(60, until: isComplete)
        let times = arrivals.withLock { arrivals in
            announced.flatMap { block in
                network.nodes.filter { $0.index != block.node }.compactMap { node in
                    arrivals[Arrival(block: block.hash, node: node.index)].map { ($0 - block.at) / .milliseconds(1) }
                }
            }.sorted()
        }
        let pairs = blocks * (network.nodes.count - 1)
        return BlockRun(
            blocks: blocks, intervalMilliseconds: interval, pairs: pairs, missing: pairs - times.count,
            p50Milliseconds: percentile(50, times), p95Milliseconds: percentile(95, times),
            p99Milliseconds: percentile(99, times), maxMilliseconds: times.last ?? 0,
            importP50Milliseconds: percentile(50, imports.sorted()),
            headsEqual: Set(network.nodes.map(\.chain.head.hash)).count == 1)
    }

    /// At a random one of the nodes that have the block before, so that there are no forks.
    private static func make(after parent: Hash32?, _ network: Network) async throws -> (Block, Node) {
        let able = network.nodes.filter { parent == nil || $0.chain.head.hash == parent }
        guard let node = able.randomElement() else { throw BenchmarkError("no node has the last block") }
        return (try node.chain.makeBlock(), node)
    }
}

/// Of sorted values, 0 when there are none.
func percentile(_ percent: Int, _ sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let rank = (sorted.count * percent + 99) / 100
    return ((sorted[max(0, min(sorted.count, rank) - 1)] * 100).rounded()) / 100
}
