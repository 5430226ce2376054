import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Synchronization
import Testing

import struct LibP2P.PeerID

/// Peers in this process.
private struct Nearby: SyncTransport {
    struct Unreachable: Error {}
    let nodes: [PeerID: ChainServer]

    func headers(after locator: [Hash32], limit: Int, from peer: PeerID) async throws -> [BlockHeader] {
        guard let server = nodes[peer] else { throw Unreachable() }
        return try server.headers(after: locator, limit: limit)
    }

    func bodies(
        _ hashes: [Hash32], from peer: PeerID
    ) async throws -> [(hash: Hash32, transactions: [Transaction])] {
        guard let server = nodes[peer] else { throw Unreachable() }
        return try server.blocks(hashes).map { ($0.hash, $0.transactions) }
    }
}

/// Cannot run passes the first times.
private final class FlakyEvaluator: SealEvaluator {
    let batchSize = 4
    private let failures: Mutex<Int>
    init(failures: Int) { self.failures = Mutex(failures) }

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        let fails = failures.withLock { left in
            left -= 1
            return left >= 0
        }
        if fails { throw SealEvaluatorError("no memory") }
        return try SeedEvaluator().evaluate(batch)
    }
}

private func peerID(_ seed: UInt64) throws -> PeerID {
    var random = DeterministicRandom(seed: seed)
    return try PeerID(bytes: [0x12, 0x20] + random.bytes(32))
}

@Suite struct SyncDriverTests {
    /// Waits long for a node to have the head of another.
    private func wait(for node: Node, toReach head: Hash32) async throws {
        for _ in 0..<6000 where node.chain.head.hash != head { try await Task.sleep(for: .milliseconds(10)) }
        #expect(node.chain.head.hash == head)
    }

    @Test func aNodeGetsAChainAndRemovesTheHeadersItKept() async throws {
        let source = try Node()
        try source.mine(60, miner: 2)
        let (good, unreachable) = (try peerID(1), try peerID(2))
        let node = try Node()
        let punished = Mutex<[PeerID]>([])
        let driver = SyncDriver(
            node.chain, Nearby(nodes: [good: ChainServer(source.chain.reader)]), limits: Net.limits
        ) { peer, _ in punished.withLock { $0.append(peer) } }
        let running = Task { try await driver.run() }
        try await driver.peer(unreachable, claims: source.claim)
        try await driver.peer(good, claims: source.claim)
        try await wait(for: node, toReach: source.chain.head.hash)
        for _ in 0..<6000 {
            if await driver.status == nil { break }
            try await Task.sleep(for: .milliseconds(10))
            try await driver.left(unreachable)
        }
        #expect(await driver.status == nil)
        running.cancel()
        _ = await running.result
        #expect(punished.withLock { $0 } == [])
    }

    @Test func anEvaluatorThatFailsIsReportedAndTriedAgain() async throws {
        let source = try Node()
        try source.mine(20, miner: 2)
        let peer = try peerID(1)
        let node = try Node(evaluator: FlakyEvaluator(failures: 3))
        let punished = Mutex<[PeerID]>([])
        let reports = Mutex<[SyncTrouble]>([])
        var limits = Net.limits
        limits.longestImportPause = .milliseconds(1)
        let driver = SyncDriver(
            node.chain, Nearby(nodes: [peer: ChainServer(source.chain.reader)]), limits: limits,
            report: { trouble in reports.withLock { $0.append(trouble) } }
        ) { peer, _ in punished.withLock { $0.append(peer) } }
        let running = Task { try await driver.run() }
        try await driver.peer(peer, claims: source.claim)
        try await wait(for: node, toReach: source.chain.head.hash)
        running.cancel()
        #expect(reports.withLock { $0 }.contains(.chain(.evaluator(SealEvaluatorError("no memory")))))
        #expect(punished.withLock { $0 } == [])
    }

    @Test func damagedHeadersAreReportedAndFetchedAgain() async throws {
        let source = try Node()
        try source.mine(20, miner: 2)
        let node = try Node()
        let genesis = try #require(try source.chain.reader.canonicalHash(at: 0))
        let file = HeadersFile(folder: node.folder.path, genesis: Keccak256.hash(genesis.bytes))
        try file.write(try ChainServer(source.chain.reader).headers(from: 1, count: 20))
        let peer = try peerID(1)
        let reports = Mutex<[SyncTrouble]>([])
        let driver = SyncDriver(
            node.chain, Nearby(nodes: [peer: ChainServer(source.chain.reader)]), limits: Net.limits,
            report: { trouble in reports.withLock { $0.append(trouble) } }
        ) { _, _ in }
        try await driver.peer(peer, claims: source.claim)
        try await wait(for: node, toReach: source.chain.head.hash)
        let isReported = reports.withLock { list in
            list.contains { if case .headersFile = $0 { true } else { false } }
        }
        #expect(isReported)
    }

    @Test func theRateIsThatOfTheWindow() {
        var rate = SyncRate()
        #expect(rate.perSecond(at: .zero) == 0)
        rate.note(100, at: .zero)
        #expect(rate.perSecond(at: .seconds(5)) == 0)
        rate.note(150, at: .seconds(5))
        #expect(rate.perSecond(at: .seconds(5)) == 10)
        for second in 6...100 { rate.note(150 + UInt64(second - 5) * 2, at: .seconds(second)) }
        #expect(abs(rate.perSecond(at: .seconds(100)) - 2) < 0.1)
        #expect(rate.perSecond(at: .seconds(200)) < 1)
        var status = SyncStatus(startingHeight: 0, currentHeight: 50, highestHeight: 150)
        #expect(status.eta == nil)
        status.blocksPerSecond = 4
        #expect(status.eta == 25)
    }
}

@Suite struct ImportPipelineTests {
    private func results(of batches: [[Block]], into node: Node) async -> [SyncImportResult] {
        let pipeline = ImportPipeline(node.chain)
        return await withCheckedContinuation { continuation in
            let results = Mutex<[SyncImportResult]>([])
            for batch in batches {
                pipeline.submit(batch) { result, _ in
                    let all = results.withLock { list in
                        list.append(result)
                        return list
                    }
                    if all.count == batches.count { continuation.resume(returning: all) }
                }
            }
        }
    }

    private func batches(_ node: Node) throws -> [[Block]] {
        try stride(from: UInt64(1), through: node.chain.head.header.number, by: 8).map { start in
            try (start..<start + 8).compactMap { try node.chain.reader.block(at: $0) }
        }
    }

    @Test func batchesAreTakenInInOrder() async throws {
        let source = try Node()
        try source.mine(40, miner: 2)
        let node = try Node()
        #expect(await results(of: try batches(source), into: node) == Array(repeating: .stored, count: 5))
        #expect(node.chain.head == source.chain.head)
    }

    @Test func nothingOnTopOfAFalseSealIsTakenIn() async throws {
        let forger = try Node(blind: true)
        try forger.mine(19, miner: 2)
        try forger.mine(1, miner: 2, falsely: true)
        try forger.mine(20, miner: 2)
        let node = try Node()
        let expected: [SyncImportResult] = [
            .stored, .stored, .invalid(index: 3, isSeal: true), .refused, .refused,
        ]
        #expect(await results(of: try batches(forger), into: node) == expected)
        #expect(node.chain.head.header.number == 19)
        #expect(node.chain.orphanCount == 0)
    }
}
