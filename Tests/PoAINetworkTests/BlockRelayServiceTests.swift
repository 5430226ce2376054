import Foundation
import LibP2P
import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization
import Testing

/// Runs passes only when it is let.
final class GatedEvaluator: SealEvaluator {
    let batchSize = 4
    private let state = Mutex((isOpen: false, asked: 0))

    /// How often passes were asked for.
    var asked: Int { state.withLock { $0.asked } }
    func open() { state.withLock { $0.isOpen = true } }

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        state.withLock { $0.asked += 1 }
        while !state.withLock({ $0.isOpen }) { usleep(1000) }
        return try SeedEvaluator().evaluate(batch)
    }
}

@Suite struct BlockRelayServiceTests {
    private final class Reports: Sendable {
        let list = Mutex<[String]>([])
        var all: [String] { list.withLock { $0 } }
    }

    /// Blocks of a chain of two, the first with a false seal if so wished.
    private static func blocks(falseSeal: Bool = false) throws -> [Block] {
        let source = try Node(blind: falseSeal)
        try source.mine(1, miner: 1, falsely: falseSeal)
        try source.mine(1, miner: 1)
        return try [1, 2].map { try #require(try source.chain.reader.block(at: $0)) }
    }

    private static func listener(
        _ reports: Reports, _ evaluator: GatedEvaluator, patience: Duration = .seconds(60)
    ) throws -> (node: Node, service: BlockRelayService, peer: PeerID) {
        let network = MemoryNetwork()
        let (host, peer) = (try network.host(), try network.host().id)
        let node = try Node(evaluator: evaluator)
        var times = BlockRelay.Patience()
        (times.arrival, times.verification) = (patience, patience)
        let service = BlockRelayService(
            chain: node.chain, client: SyncClient(host: host, names: NetworkNames(genesis: .zero)),
            patience: times,
            report: { _, report in
                let text =
                    switch report {
                    case .offence(let offence): "\(offence)"
                    case .delivered: "delivered"
                    case .ahead: "ahead"
                    }
                reports.list.withLock { $0.append(text) }
            }, failed: { message in reports.list.withLock { $0.append(message) } })
        return (node, service, peer)
    }

    private static func message(_ block: Block) -> [UInt8] { BlockAnnouncement(of: block).encoded() }

    @Test func aChildThatOvertakesItsParentIsNotLeftToTheSync() async throws {
        let (blocks, reports, gate) = (try Self.blocks(), Reports(), GatedEvaluator())
        let (node, service, peer) = try Self.listener(reports, gate)
        async let parent = service.validate(Self.message(blocks[0]), from: peer)
        #expect(await eventually { gate.asked == 1 })
        async let child = service.validate(Self.message(blocks[1]), from: peer)
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        #expect(await [parent, child] == [.accept, .accept])
        #expect(node.chain.head.hash == blocks[1].hash)
        #expect(reports.all == ["delivered", "delivered"])
    }

    @Test func aChildMayComeJustBeforeItsParent() async throws {
        let (blocks, reports, gate) = (try Self.blocks(), Reports(), GatedEvaluator())
        gate.open()
        let (node, service, peer) = try Self.listener(reports, gate)
        async let child = service.validate(Self.message(blocks[1]), from: peer)
        async let parent = service.validate(Self.message(blocks[0]), from: peer)
        #expect(await [parent, child] == [.accept, .accept])
        #expect(node.chain.head.hash == blocks[1].hash)
        #expect(!reports.all.contains("ahead"))
    }

    @Test func theSenderIsAskedForAParentThatDoesNotCome() async throws {
        let (blocks, reports, gate) = (try Self.blocks(), Reports(), GatedEvaluator())
        gate.open()
        let (node, service, peer) = try Self.listener(reports, gate, patience: .milliseconds(10))
        #expect(await service.validate(Self.message(blocks[1]), from: peer) == .ignore)
        #expect(reports.all == ["ahead"])
        #expect(node.chain.head.header.number == 0)
    }

    @Test func aChildOfAnInvalidParentIsRejected() async throws {
        let (blocks, reports, gate) = (try Self.blocks(falseSeal: true), Reports(), GatedEvaluator())
        let (node, service, peer) = try Self.listener(reports, gate)
        async let parent = service.validate(Self.message(blocks[0]), from: peer)
        #expect(await eventually { gate.asked == 1 })
        async let child = service.validate(Self.message(blocks[1]), from: peer)
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        #expect(await [parent, child] == [.reject, .reject])
        #expect(reports.all == ["invalidBlock", "invalidBlock"])
        #expect(node.chain.head.header.number == 0)
    }

    @Test func theEndOfTheServiceEndsTheWait() async throws {
        let (blocks, reports, gate) = (try Self.blocks(), Reports(), GatedEvaluator())
        let (_, service, peer) = try Self.listener(reports, gate)
        async let parent = service.validate(Self.message(blocks[0]), from: peer)
        #expect(await eventually { gate.asked == 1 })
        async let child = service.validate(Self.message(blocks[1]), from: peer)
        try await Task.sleep(for: .milliseconds(50))
        service.stop()
        #expect(await child == .ignore)
        gate.open()
        #expect(await parent == .accept)
        #expect(reports.all == ["delivered"])
    }
}
