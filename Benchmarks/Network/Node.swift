import LibP2P
import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization

/// A node of the measured network: its own chain, pool, host and gossip.
final class Node: Sendable {
    let index: Int
    let chain: Blockchain
    let pool: BenchmarkPool
    let host: Host
    let gossip: GossipService
    let service: NetworkService

    init(index: Int, folder: String, spec: ChainSpec, accounts: Accounts, events: Events) async throws {
        self.index = index
        chain = try Blockchain.forBenchmark(folder, spec)
        pool = BenchmarkPool(chainID: spec.chainID, accounts: accounts)
        host = try await Host(
            key: NodeKey(), configuration: HostConfiguration(), listen: [try Multiaddr("/ip4/127.0.0.1/tcp/0")])
        let names = NetworkNames(genesis: try chain.reader.canonicalHash(at: 0) ?? .zero)
        gossip = try NetworkService.gossip(on: host, names: names)
        service = try NetworkService(
            host: host, gossip: gossip, chain: chain, pool: pool, agent: "benchmark",
            report: { events.note($0, at: index) }
        )
    }

    func stop() async {
        await service.stop()
        await host.stop()
    }
}

extension Blockchain {
    /// A chain whose seals all hold and whose clock is far enough ahead for any number of blocks.
    static func forBenchmark(_ folder: String, _ spec: ChainSpec) throws -> Blockchain {
        var options = Blockchain.Options()
        options.clock = { spec.genesisTimestamp + 1_000_000 }
        return try Blockchain(dataDirectory: folder, spec: spec, evaluator: AcceptingEvaluator(), options: options)
    }

    /// The next block, empty, which becomes the head.
    func makeBlock() throws -> Block {
        let template = try template(miner: .zero, transactions: NoTransactions())
        var nonce: UInt64 = 0
        while true {
            let seed = Seal.quizSeed(
                epochKey: template.expectations.epochKey, sealHash: template.sealHash, number: template.header.number,
                nonce: nonce)
            if Seal.lhat(quizSeed: seed, loss: 0, traceDigest: .zero) < template.target { break }
            nonce += 1
        }
        let block = template.sealed(nonce: nonce, loss: 0, digest: .zero)
        let outcome = try self.import(block)
        guard case .newHead = outcome else { throw BenchmarkError("block \(block.header.number): \(outcome)") }
        return block
    }
}

/// Says of every seal what it claims: no model is run.
private struct AcceptingEvaluator: SealEvaluator {
    let batchSize = 64

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}

private struct NoTransactions: TransactionSource {
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { [] }
}

/// Counts what the services of all nodes report: on a good run nothing but that peers joined.
final class Events: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    var all: [String: Int] { counts.withLock { $0 } }

    func note(_ event: NetworkEvent, at node: Int) {
        let name =
            switch event {
            case .joined: "joined"
            case .refused: "refused"
            case .left: "left"
            case .banned(_, let offence): "banned: \(offence)"
            case .failed(let reason): "failed: \(reason)"
            }
        counts.withLock { $0[name, default: 0] += 1 }
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
