import LibP2P
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import Synchronization
import Testing

@Suite struct TransactionServingTests {
    /// A node with three transactions, and a connected peer that asks it.
    static func pair(_ network: MemoryNetwork) async throws -> (node: RelayNode, client: MemoryHost) {
        let node = try RelayNode(network)
        for number in 0..<3 { node.pool.preload(TransactionServiceTests.envelope(number)) }
        node.service.start()
        let client = try network.host()
        try await client.connect(to: node.host.address)
        return (node, client)
    }

    @Test func oneStreamServesSeveralRequests() async throws {
        let (node, client) = try await Self.pair(MemoryNetwork())
        let stream = try await client.open([node.names.pool], to: node.host.id)
        var messages = StreamMessages(stream)
        try await stream.write(message: PoolRequest.hashes.encoded())
        let list = try PoolAnswer(#require(try await messages.next(limit: WireLimits.answer)))
        guard case .hashes(let hashes) = list else {
            Issue.record("no hashes")
            return
        }
        #expect(Set(hashes) == node.pool.hashes)
        // What is not there is left out, what is asked twice comes once, and the order is that of the request.
        let (one, two) = (TransactionServiceTests.envelope(1), TransactionServiceTests.envelope(2))
        let wanted = [Keccak256.hash(two), .zero, Keccak256.hash(one), Keccak256.hash(two)]
        try await stream.write(message: PoolRequest.transactions(wanted).encoded())
        let answer = try PoolAnswer(#require(try await messages.next(limit: WireLimits.answer)))
        #expect(answer == .transactions([two, one]))
        stream.reset()
        #expect(node.complaints.count == 0)
        node.service.stop()
    }

    @Test func strangersAreReset() async throws {
        let network = MemoryNetwork()
        let host = try network.host()
        let service = TransactionService(
            host: host, names: NetworkNames(genesis: .zero), pool: FakePool(), publish: { _ in }, offend: { _, _ in },
            mayTalk: { _ in false })
        service.start()
        let client = try network.host()
        try await client.connect(to: host.address)
        let stream = try await client.open([NetworkNames(genesis: .zero).pool], to: host.id)
        await #expect(throws: StreamError.reset) { _ = try await stream.read() }
        service.stop()
    }

    @Test func askingTooOftenEndsTheStream() async throws {
        let (node, client) = try await Self.pair(MemoryNetwork())
        let stream = try await client.open([node.names.pool], to: node.host.id)
        var messages = StreamMessages(stream)
        await #expect(throws: StreamError.reset) {
            for _ in 0..<10_000 {
                try await stream.write(message: PoolRequest.hashes.encoded())
                _ = try await messages.next(limit: WireLimits.answer)
            }
        }
        #expect(await eventually { node.complaints.of(client.id) == [.unrequested] })
        node.service.stop()
    }

    @Test func answersHaveABoundOfBytes() async throws {
        let (node, client) = try await Self.pair(MemoryNetwork())
        var hashes: [Hash32] = []
        for number in 0..<64 {
            let envelope = [UInt8(number)] + [UInt8](repeating: 1, count: WireLimits.transaction - 1)
            node.pool.preload(envelope)
            hashes.append(Keccak256.hash(envelope))
        }
        let stream = try await client.open([node.names.pool], to: node.host.id)
        var messages = StreamMessages(stream)
        try await stream.write(message: PoolRequest.transactions(hashes).encoded())
        guard case .transactions(let some) = try PoolAnswer(#require(try await messages.next(limit: WireLimits.answer)))
        else {
            Issue.record("no transactions")
            return
        }
        #expect(some.count == WireLimits.softAnswer / WireLimits.transaction)
        node.service.stop()
    }

    @Test func largeOnesAreFetchedInSeveralAnswers() async throws {
        let network = MemoryNetwork()
        let nodes = try (0..<2).map { _ in try RelayNode(network) }
        for node in nodes { node.service.start() }
        for number in 0..<40 {
            nodes[0].pool.preload([UInt8(number)] + [UInt8](repeating: 1, count: WireLimits.transaction - 1))
        }
        try await nodes[0].join(nodes[1])
        #expect(await eventually { nodes[1].pool.hashes.count == 40 })
        #expect(nodes[1].pool.adds.values.allSatisfy { $0 == 1 })
        #expect(nodes.allSatisfy { $0.complaints.count == 0 })
        for node in nodes { node.service.stop() }
    }

    @Test func malformedRequestsAreOffences() async throws {
        let (node, client) = try await Self.pair(MemoryNetwork())
        let bad: [[UInt8]] = [
            [0xC0], [0xC1, 0x03], [0x00], PoolRequest.transactions([.zero]).encoded() + [0],
            [UInt8](repeating: 0, count: WireLimits.request + 1),
        ]
        for (index, bytes) in bad.enumerated() {
            let stream = try await client.open([node.names.pool], to: node.host.id)
            try? await stream.write(message: bytes)
            await #expect(throws: StreamError.reset) { _ = try await stream.read() }
            #expect(await eventually { node.complaints.of(client.id).count == index + 1 })
        }
        #expect(Set(node.complaints.of(client.id)) == [.malformed])
        node.service.stop()
    }

    /// Whatever comes on topic and streams: no trap, no hang, nothing in the pool that nobody sent.
    @Test(arguments: 1...4) func rubbishIsWithstood(seed: UInt64) async throws {
        let network = MemoryNetwork()
        let node = try RelayNode(network)
        node.service.start()
        let envelope = TransactionServiceTests.envelope(1)
        let good = PoolAnswer.transactions([envelope]).encoded()
        let random = SharedRandom(seed)
        let peer = try await TransactionServiceTests.stranger(
            network, node, TransactionServiceTests.answering { _ in random.spoil(good) })
        node.service.peerAdmitted(peer)
        let client = try network.host()
        try await client.connect(to: node.host.address)
        for _ in 0..<200 {
            let message = random.spoil(TransactionServiceTests.message([envelope, random.bytes(70)]))
            let isRead = (try? TransactionAnnouncement(message)) != nil
            let before = node.complaints.of(peer).count { $0 == .malformed }
            let verdict = await node.service.validate(message, from: peer)
            if !isRead {
                #expect(verdict == .reject)
                #expect(node.complaints.of(peer).count { $0 == .malformed } > before)
            }
            let stream = try await client.open([node.names.pool], to: node.host.id)
            try? await stream.write(random.spoil(UVarint.prefixed(PoolRequest.hashes.encoded())))
            try? await stream.finish()
            while (try? await stream.read()) != nil {}
        }
        // Envelopes that were spoilt have another hash: nobody asked for them.
        #expect(node.pool.hashes.isSubset(of: [Keccak256.hash(envelope)]))
        node.service.stop()
    }
}

/// Random numbers for several threads.
final class SharedRandom: Sendable {
    private let random: Mutex<DeterministicRandom>
    init(_ seed: UInt64) { random = Mutex(DeterministicRandom(seed: seed)) }

    func bytes(_ count: Int) -> [UInt8] { random.withLock { $0.bytes(count) } }

    /// Bytes with something changed, or other ones, or the same.
    func spoil(_ bytes: [UInt8]) -> [UInt8] {
        random.withLock { random in
            var bytes = bytes
            switch random.below(5) {
            case 0: return random.bytes(random.below(100))
            case 1: return Array(bytes.prefix(random.below(bytes.count)))
            case 2: return bytes + random.bytes(1 + random.below(4))
            case 3: return bytes
            default: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            }
            return bytes
        }
    }
}
