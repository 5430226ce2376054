import Foundation
import LibP2P
import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAINode
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// The chain that is synchronised, in a folder of its own, and what is done with it.
final class SourceChain: Sendable {
    let chain: Blockchain
    private let folder: URL
    private let spec: ChainSpec

    /// Begins the chain of `spec`. Its clock is far ahead, so that blocks may have any time.
    init(_ spec: ChainSpec, _ work: WorkEngine) throws {
        self.spec = spec
        folder = FileManager.default.temporaryDirectory.appending(path: "poai-sync-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        chain = try Self.open(folder.appending(path: "source").path, spec, ClaimingEvaluator())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Makes blocks with true seals at the pace of the network.
    func mine(_ count: Int, _ work: WorkEngine) throws {
        for _ in 0..<count {
            let template = try chain.template(miner: .zero)
            var header = template.header
            header.timestamp = max(
                chain.head.header.timestamp + spec.blockInterval, template.expectations.minimumTimestamp)
            var search = NonceSearch(
                epochKey: template.expectations.epochKey, sealHash: header.sealHash, number: header.number,
                target: template.target, firstNonce: 0)
            var isFound = false
            while !isFound {
                let attempt = search.take(1)[0]
                let trace = try work.solve([attempt.quizSeed])[0].trace
                isFound =
                    Seal.lhat(quizSeed: attempt.quizSeed, loss: trace.loss, traceDigest: trace.digest)
                    < template.target
                (header.nonce, header.loss, header.mixHash) = (attempt.nonce, trace.loss, trace.digest)
            }
            let outcome = try chain.import(Block(header: header))
            guard case .newHead = outcome else { throw BenchmarkError("block \(header.number): \(outcome)") }
        }
    }

    /// Takes in blocks of a file that `poaid export` wrote; their seals are verified later, by the synchronisation.
    func read(_ path: String, atMost limit: Int) throws {
        let whole = try Self.open(folder.appending(path: "file").path, spec, ClaimingEvaluator())
        _ = try whole.importFile(path: path)
        let last = min(UInt64(limit), whole.head.header.number)
        guard last > 0 else { throw BenchmarkError("\(path) holds no block") }
        for number in 1...last {
            guard let block = try whole.reader.block(at: number) else { break }
            _ = try chain.import(block)
        }
    }

    /// Has a fresh node get the chain.
    func synchronise(with work: WorkEngine) async throws {
        let path = folder.appending(path: "fresh").path
        try? FileManager.default.removeItem(atPath: path)
        let fresh = try Self.open(path, spec, WorkSealEvaluator(work))
        let (heads, signal) = AsyncStream.makeStream(of: Result<UInt64, BenchmarkError>.self)
        let subscription = fresh.subscribe { signal.yield(.success($0.head.header.number)) }
        defer { subscription.cancel() }
        let driver = SyncDriver(
            fresh, Nearby(server: ChainServer(chain.reader)),
            report: { signal.yield(.failure(BenchmarkError("\($0)"))) }
        ) { _, offence in signal.yield(.failure(BenchmarkError("the peer was punished: \(offence)"))) }
        let running = Task { try await driver.run() }
        defer { running.cancel() }
        let claim = SyncClaim(
            head: chain.head.hash, height: chain.head.header.number, totalWork: chain.head.totalWork)
        try await driver.peer(try PeerID(bytes: [0x12, 0x20] + [UInt8](repeating: 1, count: 32)), claims: claim)
        for await head in heads where try head.get() >= claim.height { break }
        guard fresh.head.hash == claim.head else { throw BenchmarkError("the node has another head") }
    }

    /// Runs the forward passes of all headers, and nothing else.
    func solveAll(_ work: WorkEngine) throws {
        let evaluator = WorkSealEvaluator(work)
        var seeds: [Hash32] = []
        for number in 1...chain.head.header.number {
            guard let header = try chain.reader.header(at: number),
                let expected = try chain.reader.expectations(after: header.parentHash)
            else { throw BenchmarkError("block \(number) is missing") }
            seeds.append(Seal(header: header, epochKey: expected.epochKey).quizSeed)
        }
        while !seeds.isEmpty {
            _ = try work.solve(Array(seeds.prefix(evaluator.batchSize)))
            seeds.removeFirst(min(evaluator.batchSize, seeds.count))
        }
    }

    private static func open(
        _ path: String, _ spec: ChainSpec, _ evaluator: any SealEvaluator
    ) throws -> Blockchain {
        var options = Blockchain.Options()
        options.clock = { 4_000_000_000 }
        return try Blockchain(dataDirectory: path, spec: spec, evaluator: evaluator, options: options)
    }
}

/// Says of every seal what it claims: for the chain to be synchronised, which the fresh node verifies.
private struct ClaimingEvaluator: SealEvaluator {
    let batchSize = 64

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}

/// A peer in this process.
private struct Nearby: SyncTransport {
    let server: ChainServer

    func headers(after locator: [Hash32], limit: Int, from peer: PeerID) async throws -> [BlockHeader] {
        try server.headers(after: locator, limit: limit)
    }

    func bodies(
        _ hashes: [Hash32], from peer: PeerID
    ) async throws -> [(hash: Hash32, transactions: [Transaction])] {
        try server.blocks(hashes).map { ($0.hash, $0.transactions) }
    }
}
