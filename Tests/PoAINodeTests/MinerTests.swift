import Foundation
import PoAIChain
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Synchronization
import Testing

@Suite struct MinerTests {
    private let miner = Address(Array(repeating: 0x11, count: 20)) ?? .zero

    /// A chain of the tiny network and a miner whose events are kept; mines until the head has `height`.
    private func mine(
        to height: UInt64, targetThousandths: Int, in folder: TemporaryDirectory
    ) throws -> (chain: Blockchain, statistics: MiningStatistics.Snapshot) {
        let network = try TinyNetwork(targetThousandths: targetThousandths)
        let work = try network.work()
        let chain = try Blockchain(
            dataDirectory: folder.path, spec: network.spec, evaluator: WorkSealEvaluator(work))
        let log = EventLog()
        let miner = Miner(chain: chain, work: work, address: miner, firstNonce: 5, report: log.add)
        let stop = StopFlag()
        let heads = chain.subscribe { if $0.head.header.number >= height { stop.set() } }
        try withExtendedLifetime(heads) { try miner.run(until: stop) }
        let found = log.events.compactMap { if case .found(let block) = $0 { block } else { nil } }
        #expect(found.map(\.header.number) == Array(1...height))
        #expect(found.map(\.tries).reduce(0, +) == miner.statistics.snapshot.tries)
        return (chain, miner.statistics.snapshot)
    }

    @Test func minedBlocksVerifyFromTheirBytes() throws {
        let folder = try TemporaryDirectory()
        let (chain, figures) = try mine(to: 20, targetThousandths: 200, in: folder)
        #expect(chain.head.header.number == 20)
        #expect(figures.blocks == 20)
        #expect(figures.tries >= 20)
        #expect(try chain.reader.balance(miner) == UInt256(decimal: "100000000000000000000"))
        let network = try TinyNetwork(targetThousandths: 200)
        let report = try chain.reader.verify(
            evaluator: WorkSealEvaluator(try network.work(batchSize: 3)))
        #expect(report.failure == nil)
        #expect(report.to == 20)
    }

    /// While blocks of others are verified on its engine the miner makes way, and goes on after that.
    @Test func verificationComesFirst() async throws {
        let folder = try TemporaryDirectory()
        let network = try TinyNetwork(targetThousandths: 1)
        let work = try network.work()
        let chain = try Blockchain(
            dataDirectory: folder.path, spec: network.spec, evaluator: WorkSealEvaluator(work))
        let miner = Miner(chain: chain, work: work, address: miner, firstNonce: 0, report: { _ in })
        let stop = StopFlag()
        let running = Thread { try? miner.run(until: stop) }
        running.start()
        defer { stop.set() }
        func hasMoved(from tries: UInt64) -> Bool { miner.statistics.snapshot.tries > tries }
        while !hasMoved(from: 0) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!work.isVerifying)
        let (before, after) = work.verifying {
            #expect(work.isVerifying)
            // What it was at may still come to its end.
            Thread.sleep(forTimeInterval: 0.3)
            let before = miner.statistics.snapshot.tries
            Thread.sleep(forTimeInterval: 0.5)
            return (before, miner.statistics.snapshot.tries)
        }
        #expect(before == after)
        while !hasMoved(from: after) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func aStoppedMinerStops() throws {
        let folder = try TemporaryDirectory()
        let network = try TinyNetwork(targetThousandths: 1)
        let work = try network.work()
        let chain = try Blockchain(
            dataDirectory: folder.path, spec: network.spec, evaluator: WorkSealEvaluator(work))
        let stop = StopFlag()
        stop.set()
        let log = EventLog()
        let miner = Miner(chain: chain, work: work, address: miner, firstNonce: 0, report: log.add)
        try miner.run(until: stop)
        #expect(miner.statistics.snapshot.tries == 0)
        #expect(log.events.isEmpty)
    }
}

/// Keeps a miner's events.
final class EventLog: Sendable {
    private let kept = Mutex<[Miner.Event]>([])
    var events: [Miner.Event] { kept.withLock { $0 } }
    @Sendable func add(_ event: Miner.Event) { kept.withLock { $0.append(event) } }
}
