import PoAIPrimitives

/// Transactions given to random nodes, and how many all pools had at the end.
struct PoolRun: Encodable {
    let transactions: Int
    let senders: Int
    let inAllPools: Int
    let lost: Int
    /// From the first submission to the moment at which all pools had all; to the end of the wait when some are lost.
    let secondsUntilConverged: Double
    /// Of these, those it took to submit all.
    let secondsToSubmit: Double
    /// The fullest and the emptiest pool at the end.
    let poolSizes: [Int]
    /// Why pools did not take what came, and how often.
    let refused: [String: Int]

    var isGood: Bool { lost == 0 }

    /// All transactions of a sender go to one node, in their order.
    static func run(
        _ network: Network, _ transfers: [[[UInt8]]], patience: Double, say: (String) -> Void
    ) async throws -> PoolRun {
        let hashes = transfers.flatMap { $0.map { Keccak256.hash($0) } }
        let clock = ContinuousClock()
        let start = clock.now
        let homes = transfers.map { _ in network.nodes.randomElement() }
        for round in 0..<(transfers.map(\.count).max() ?? 0) {
            for (home, envelopes) in zip(homes, transfers) where round < envelopes.count {
                let verdict = home?.pool.add(encoded: envelopes[round])
                guard verdict == .added || verdict == .known else {
                    throw BenchmarkError("a transaction was not taken: \(verdict.map { "\($0)" } ?? "no node")")
                }
            }
            await Task.yield()
        }
        let submitted = clock.now
        var nextLine = start
        var progress = (count: 0, at: submitted)
        try await waiting(3600) {
            let count = network.nodes.reduce(0) { $0 + $1.pool.count }
            if count > progress.count { progress = (count, clock.now) }
            if clock.now >= nextLine {
                nextLine = clock.now + .seconds(2)
                let sizes = network.nodes.map { "\($0.pool.count)" }.joined(separator: " ")
                say("\(Int((clock.now - start) / .seconds(1))) s: \(sizes)")
            }
            // Patience counts from the last arrival anywhere.
            return count == hashes.count * network.nodes.count || clock.now - progress.at > .seconds(patience)
        }
        let end = clock.now
        let everywhere = hashes.count { hash in network.nodes.allSatisfy { $0.pool.contains(hash) } }
        let sizes = network.nodes.map(\.pool.count)
        return PoolRun(
            transactions: hashes.count, senders: transfers.count, inAllPools: everywhere,
            lost: hashes.count - everywhere, secondsUntilConverged: rounded((end - start) / .seconds(1)),
            secondsToSubmit: rounded((submitted - start) / .seconds(1)),
            poolSizes: [sizes.min() ?? 0, sizes.max() ?? 0],
            refused: network.nodes.reduce(into: [:]) { $0.merge($1.pool.refused, uniquingKeysWith: +) })
    }
}

func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
