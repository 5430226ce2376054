import LibP2P
import PoAINetwork
import PoAIPrimitives
import Synchronization
import Testing

/// What was announced and did not come in is got by comparing pools, long before the comparison of each minute.
@Suite struct TransactionCatchUpTests {
    /// A node that never compares pools of its own accord, but soon after it missed something.
    static func node(_ network: MemoryNetwork) throws -> RelayNode {
        var times = TransactionService.Times()
        times.reconcile = .seconds(3600)
        times.catchUp = .milliseconds(100)
        var limits = TransactionRelay.Limits()
        limits.againTime = .milliseconds(50)
        return try RelayNode(network, limits: limits, times: times)
    }

    /// A peer that answers a request with what it has of these when `has` says so of the request's number, 1 for the first, and
    /// with nothing otherwise. Returns after the first, which is the comparison of two that meet.
    static func peer(
        of node: RelayNode, _ network: MemoryNetwork, _ envelopes: [[UInt8]],
        has: @escaping @Sendable (Int) async -> Bool
    ) async throws -> PeerID {
        let requests = Mutex(0)
        let peer = try await TransactionServiceTests.stranger(network, node) { stream in
            var messages = StreamMessages(stream)
            guard let bytes = try? await messages.next(limit: WireLimits.request),
                let request = try? PoolRequest(bytes)
            else { return }
            let number = requests.withLock { requests in
                requests += 1
                return requests
            }
            let there = await has(number) ? envelopes : []
            let answer: PoolAnswer =
                switch request {
                case .hashes: .hashes(there.map { Keccak256.hash($0) })
                case .transactions(let hashes): .transactions(there.filter { hashes.contains(Keccak256.hash($0)) })
                }
            try? await stream.write(message: answer.encoded())
            try? await stream.finish()
        }
        node.service.peerAdmitted(peer)
        #expect(await eventually { requests.withLock { $0 } >= 1 && node.host.streams(peer).isEmpty })
        return peer
    }

    @Test func whatWasNotDeliveredIsFetchedSoon() async throws {
        let network = MemoryNetwork()
        let node = try Self.node(network)
        node.service.start()
        let envelope = TransactionServiceTests.envelope(1)
        let peer = try await Self.peer(of: node, network, [envelope]) { $0 > 2 }
        #expect(await node.service.validate(TransactionServiceTests.message([envelope]), from: peer) == .ignore)
        #expect(await eventually { node.pool.hashes == [Keccak256.hash(envelope)] })
        node.service.stop()
    }

    @Test func whatWasIgnoredForTooManyValidationsIsFetchedSoon() async throws {
        let network = MemoryNetwork()
        let node = try Self.node(network)
        node.service.start()
        let envelopes = (0..<33).map { TransactionServiceTests.envelope($0) }
        let isOpen = Mutex(false)
        let peer = try await Self.peer(of: node, network, envelopes) { number in
            guard number > 1 else { return false }
            while !isOpen.withLock({ $0 }) {
                guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { break }
            }
            return true
        }
        let verdicts = await withTaskGroup(of: GossipVerdict.self) { group in
            for envelope in envelopes {
                group.addTask { await node.service.validate(TransactionServiceTests.message([envelope]), from: peer) }
            }
            // The one beyond 32 is ignored at once; only then the others get an answer.
            let first = await group.next()
            isOpen.withLock { $0 = true }
            return await group.reduce(into: [first].compactMap { $0 }) { $0.append($1) }
        }
        #expect(verdicts.first == .ignore && verdicts.count == 33)
        #expect(await eventually { node.pool.hashes == Set(envelopes.map { Keccak256.hash($0) }) })
        node.service.stop()
    }

    @Test func whatThereWasNoPlaceForIsTriedAgain() async throws {
        let network = MemoryNetwork()
        let node = try Self.node(network)
        node.service.start()
        let late = TransactionServiceTests.envelope(3, first: 0xFD)
        let peer = try await Self.peer(of: node, network, [late]) { $0 > 1 }
        #expect(await node.service.validate(TransactionServiceTests.message([late]), from: peer) == .ignore)
        #expect(await eventually { node.pool.hashes == [Keccak256.hash(late)] })
        #expect(node.pool.adds[Keccak256.hash(late)] == 3)
        #expect(node.complaints.count == 0)
        node.service.stop()
    }

    @Test func whatWasRefusedIsNotAskedForAgain() async throws {
        let network = MemoryNetwork()
        let node = try Self.node(network)
        node.service.start()
        let refused = TransactionServiceTests.envelope(2, first: 0xFE)
        let last = Mutex(0)
        let peer = try await Self.peer(of: node, network, [refused]) { number in
            last.withLock { $0 = number }
            return true
        }
        #expect(await eventually { node.pool.adds[Keccak256.hash(refused)] == 1 && node.host.streams(peer).isEmpty })
        #expect(await node.service.validate(TransactionServiceTests.message([refused]), from: peer) == .ignore)
        try await Task.sleep(for: .milliseconds(500))
        #expect(last.withLock { $0 } == 2)
        node.service.stop()
    }
}
