import LibP2P
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import Synchronization
import Testing

@Suite struct TransactionServiceTests {
    static func envelope(_ number: Int, first: UInt8 = 2) -> [UInt8] {
        [first, UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)] + [UInt8](repeating: 7, count: 60)
    }

    static func message(_ envelopes: [[UInt8]], size: Int? = nil) -> [UInt8] {
        TransactionAnnouncement(envelopes.map { .init(hash: Keccak256.hash($0), size: size ?? $0.count) }).encoded()
    }

    /// A peer whose pool protocol does what `handler` says.
    static func stranger(
        _ network: MemoryNetwork, _ node: RelayNode, _ handler: @escaping @Sendable (any PeerStream) async -> Void
    ) async throws -> PeerID {
        let host = try network.host()
        host.serve(node.names.pool, handler)
        try await host.connect(to: node.host.address)
        return host.id
    }

    /// Answers each request with what `answer` makes of it.
    static func answering(
        _ answer: @escaping @Sendable (PoolRequest) -> [UInt8]?
    ) -> @Sendable (any PeerStream) async -> Void {
        { stream in
            var messages = StreamMessages(stream)
            while let bytes = try? await messages.next(limit: WireLimits.request),
                let request = try? PoolRequest(bytes), let reply = answer(request)
            {
                try? await stream.write(message: reply)
            }
            try? await stream.finish()
        }
    }

    @Test(arguments: [3, 10]) func poolsConverge(nodes count: Int) async throws {
        let network = MemoryNetwork()
        var random = DeterministicRandom(seed: UInt64(count))
        let nodes = try (0..<count).map { _ in try RelayNode(network) }
        for node in nodes { node.service.start() }
        // A ring with chords.
        for index in nodes.indices {
            for step in count > 3 ? [1, 3] : [1] { try await nodes[index].join(nodes[(index + step) % count]) }
        }
        // Nobody takes what is submitted for news of a peer's pool.
        #expect(await eventually { nodes.allSatisfy { $0.service.isIdle } })
        var submitted: [Int: Set<Hash32>] = [:]
        for number in 0..<500 {
            let index = random.below(count)
            let envelope = Self.envelope(number)
            #expect(nodes[index].pool.add(encoded: envelope) == .added)
            submitted[index, default: []].insert(Keccak256.hash(envelope))
        }
        let all = submitted.values.reduce(into: Set()) { $0.formUnion($1) }
        #expect(await eventually { nodes.allSatisfy { $0.pool.hashes == all } })
        for (index, node) in nodes.enumerated() {
            #expect(node.pool.adds.values.allSatisfy { $0 == 1 })
            #expect(node.complaints.count == 0)
            // A node announces what was submitted to it, once, and nothing that others announced.
            let announced = try node.published.withLock { $0 }.flatMap { try TransactionAnnouncement($0).entries }
            #expect(announced.count == submitted[index]?.count)
            #expect(Set(announced.map(\.hash)) == submitted[index])
        }
        for node in nodes { node.service.stop() }
    }

    @Test func whatWaitsIsFetchedWhenPeersMeetAndNewsAreTold() async throws {
        let network = MemoryNetwork()
        let nodes = try (0..<3).map { _ in try RelayNode(network) }
        for node in nodes { node.service.start() }
        try await nodes[1].join(nodes[2])
        for number in 0..<100 { nodes[0].pool.preload(Self.envelope(number)) }
        try await nodes[0].join(nodes[1])
        #expect(await eventually { nodes[1].pool.hashes.count == 100 })
        // The third hears of them from the second.
        #expect(await eventually { nodes[2].pool.hashes.count == 100 })
        for node in nodes { node.service.stop() }
    }

    @Test func manyAreFetchedInPortions() async throws {
        let network = MemoryNetwork()
        let nodes = try (0..<2).map { _ in try RelayNode(network) }
        for node in nodes { node.service.start() }
        for number in 0..<1000 { nodes[0].pool.preload(Self.envelope(number)) }
        try await nodes[0].join(nodes[1])
        #expect(await eventually { nodes[1].pool.hashes.count == 1000 })
        #expect(nodes[0].heard.withLock { $0.isEmpty })
        for node in nodes { node.service.stop() }
    }

    @Test func aPoolThatMissedSomethingIsReconciled() async throws {
        let network = MemoryNetwork()
        var times = TransactionService.Times()
        times.reconcile = .milliseconds(300)
        let nodes = try (0..<2).map { _ in try RelayNode(network, times: times) }
        for node in nodes { node.service.start() }
        try await nodes[0].join(nodes[1])
        #expect(await eventually { nodes.allSatisfy { $0.service.isIdle } })
        nodes[0].pool.preload(Self.envelope(1))
        #expect(await eventually { nodes[1].pool.hashes.count == 1 })
        for node in nodes { node.service.stop() }
    }

    @Test func invalidTransactionsAreHeldAgainstTheirSender() async throws {
        let network = MemoryNetwork()
        let node = try RelayNode(network)
        node.service.start()
        let (bad, cheap, good) = (Self.envelope(1, first: 0xFF), Self.envelope(2, first: 0xFE), Self.envelope(3))
        let peer = try await Self.stranger(
            network, node,
            Self.answering { request in
                guard case .transactions(let hashes) = request else { return PoolAnswer.hashes([]).encoded() }
                return PoolAnswer.transactions([bad, cheap, good].filter { hashes.contains(Keccak256.hash($0)) })
                    .encoded()
            })
        node.service.peerAdmitted(peer)
        #expect(await node.service.validate(Self.message([cheap]), from: peer) == .ignore)
        #expect(node.complaints.count == 0)
        #expect(await node.service.validate(Self.message([bad, good]), from: peer) == .reject)
        #expect(node.complaints.of(peer) == [.invalidTransaction])
        #expect(node.pool.hashes == [Keccak256.hash(good)])
        // What was found invalid or refused is not fetched again.
        #expect(await node.service.validate(Self.message([bad]), from: peer) == .ignore)
        #expect(node.pool.adds[Keccak256.hash(bad)] == 1)
        node.service.stop()
    }

    @Test func falseSizesAreRejected() async throws {
        let network = MemoryNetwork()
        let node = try RelayNode(network)
        node.service.start()
        let peer = try await Self.stranger(
            network, node, Self.answering { _ in PoolAnswer.transactions([Self.envelope(1)]).encoded() })
        node.service.peerAdmitted(peer)
        #expect(await eventually { node.complaints.of(peer) == [.wrongAnswer, .wrongAnswer, .wrongAnswer] })
        #expect(await node.service.validate(Self.message([Self.envelope(1)], size: 62), from: peer) == .reject)
        #expect(node.complaints.of(peer).count == 4)
        // It is valid all the same, so this node announces it, with its true size.
        let message = Self.message([Self.envelope(1)])
        #expect(await eventually { node.published.withLock { $0 } == [message] })
        // Nor may the size of what is in the pool be false.
        let mixed = TransactionAnnouncement([
            .init(hash: Keccak256.hash(Self.envelope(1)), size: 9), .init(hash: .zero, size: 9),
        ])
        #expect(await node.service.validate(mixed.encoded(), from: peer) == .reject)
        node.service.stop()
    }

    @Test func whoNeverDeliversIsLeftForAnotherAnnouncer() async throws {
        let network = MemoryNetwork()
        var limits = TransactionRelay.Limits()
        limits.requestTime = .seconds(1)
        let node = try RelayNode(network, limits: limits)
        node.service.start()
        let envelope = Self.envelope(9)
        let asked = Mutex(0)
        let silent = try await Self.stranger(network, node) { stream in
            asked.withLock { $0 += 1 }
            while (try? await stream.read()) != nil {}
            try? await Task.sleep(for: .seconds(600))
        }
        let honest = try await Self.stranger(
            network, node,
            Self.answering { request in
                guard case .transactions = request else { return PoolAnswer.hashes([]).encoded() }
                return PoolAnswer.transactions([envelope]).encoded()
            })
        node.service.peerAdmitted(silent)
        node.service.peerAdmitted(honest)
        async let first = node.service.validate(Self.message([envelope]), from: silent)
        #expect(await eventually { asked.withLock { $0 } >= 1 && node.host.streams(silent).count >= 2 })
        async let second = node.service.validate(Self.message([envelope]), from: honest)
        #expect(await [first, second] == [.accept, .accept])
        #expect(node.complaints.of(silent).contains(.silent))
        #expect(node.complaints.of(honest).isEmpty)
        #expect(node.pool.adds == [Keccak256.hash(envelope): 1])
        node.service.stop()
    }

    /// Else those to whom it goes would ask this node for what it has not.
    @Test func aMessageOfWhichNotAllCameIsNotRelayedButTheRestIsAnnounced() async throws {
        let network = MemoryNetwork()
        let node = try RelayNode(network)
        let other = try RelayNode(network)
        for each in [node, other] { each.service.start() }
        try await node.join(other)
        let (real, false1) = (Self.envelope(1), Self.envelope(2))
        let peer = try await Self.stranger(
            network, node,
            Self.answering { request in
                guard case .transactions = request else { return PoolAnswer.hashes([]).encoded() }
                return PoolAnswer.transactions([real]).encoded()
            })
        node.service.peerAdmitted(peer)
        #expect(await node.service.validate(Self.message([real, false1]), from: peer) == .ignore)
        #expect(await eventually { other.pool.hashes == [Keccak256.hash(real)] })
        // The pool of the other one may have it by the reconciliation already while the announcement is on its way.
        #expect(await eventually { other.heard.withLock { $0[node.host.id] } != nil })
        #expect(other.heard.withLock { $0[node.host.id] } == [Keccak256.hash(real)])
        for each in [node, other] { each.service.stop() }
    }

    @Test func onlyAdmittedPeersAreHeardAndServed() async throws {
        let network = MemoryNetwork()
        let node = try RelayNode(network)
        node.service.start()
        let stranger = try network.host()
        let envelope = Self.envelope(1)
        #expect(await node.service.validate(Self.message([envelope]), from: stranger.id) == .ignore)
        try await stranger.connect(to: node.host.address)
        // It may talk, but its admission is not known yet.
        #expect(await node.service.validate(Self.message([envelope]), from: stranger.id) == .ignore)
        #expect(node.complaints.count == 0)
        node.service.stop()
        #expect(await node.service.validate(Self.message([envelope]), from: stranger.id) == .ignore)
    }
}
