import LibP2P
import PoAITestSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct KademliaBoundsTests {
    private let name = "/test/kad/1.0.0"
    private let network = KademliaMemoryNetwork()
    private let policy = AddressPolicy(allowsLoopback: true)

    private func server(_ bounds: KademliaService.Bounds) throws -> (KademliaMemoryHost, KademliaService) {
        let host = try network.host("/ip4/127.0.0.1/tcp/1")
        let service = KademliaService(host: host, protocolName: name, policy: policy, bounds: bounds)
        service.start()
        return (host, service)
    }

    private func client(_ port: Int, of server: KademliaMemoryHost) async throws -> KademliaMemoryHost {
        let host = try network.host("/ip4/127.0.0.1/tcp/\(port)")
        _ = try await host.connect(to: server.listenAddresses[0])
        return host
    }

    /// Whether a request on the stream is answered; false when it is reset.
    private func answers(_ stream: any PeerStream) async -> Bool {
        var messages = StreamMessages(stream)
        do {
            try await stream.write(message: KademliaRequest.ping.encoded)
            return try await messages.next(limit: 1024) == KademliaResponse.pong.encoded
        } catch { return false }
    }

    @Test func anIdleStreamIsReset() async throws {
        var bounds = KademliaService.Bounds()
        bounds.idleLimit = .milliseconds(500)
        let (host, service) = try server(bounds)
        defer { service.stop() }
        let client = try await client(2, of: host)
        let stream = try await client.open([name], to: host.id)
        await #expect(throws: StreamError.reset) { try await stream.read() }
        // A part of a request does not count as one.
        let partial = try await client.open([name], to: host.id)
        try await partial.write([5, 1])
        await #expect(throws: StreamError.reset) { try await partial.read() }
    }

    @Test func onePeerGetsNoMoreStreamsThanAllowed() async throws {
        var bounds = KademliaService.Bounds()
        bounds.streamsPerPeer = 2
        let (host, service) = try server(bounds)
        defer { service.stop() }
        let client = try await client(2, of: host)
        let streams = [try await client.open([name], to: host.id), try await client.open([name], to: host.id)]
        for stream in streams { #expect(await answers(stream)) }
        let third = try await client.open([name], to: host.id)
        #expect(await !answers(third))
        // Another peer has its own, and one that ends makes room.
        let other = try await self.client(3, of: host)
        #expect(await answers(try await other.open([name], to: host.id)))
        try await streams[0].finish()
        let hasRoom = try await eventually { await answers(try await client.open([name], to: host.id)) }
        #expect(hasRoom)
    }

    @Test func allPeersGetNoMoreStreamsThanAllowed() async throws {
        var bounds = KademliaService.Bounds()
        bounds.streams = 2
        let (host, service) = try server(bounds)
        defer { service.stop() }
        for port in 2...3 {
            let client = try await client(port, of: host)
            #expect(await answers(try await client.open([name], to: host.id)))
        }
        let last = try await client(4, of: host)
        #expect(await !answers(try await last.open([name], to: host.id)))
    }

    /// A peer that answers pings or nothing, and how many of the other requests ended by a reset.
    private func silent(answersPings: Bool) throws -> (KademliaMemoryHost, resets: @Sendable () -> Int) {
        let host = try network.host("/ip4/127.0.0.1/tcp/9")
        let resets = ResetCount()
        host.serve(name) { stream in
            var messages = StreamMessages(stream)
            guard let request = try? await messages.next(limit: 1024) else { return }
            if answersPings, (try? KademliaRequest(encoded: request)) == .ping {
                try? await stream.write(message: KademliaResponse.pong.encoded)
                return
            }
            do { _ = try await stream.read() } catch { resets.count.withLock { $0 += 1 } }
        }
        return (host, { resets.count.withLock { $0 } })
    }

    private final class ResetCount: Sendable { let count = Mutex(0) }

    @Test(arguments: [false, true]) func aSilentPeerIsGivenUpAndLeavesTheTable(answersPings: Bool) async throws {
        let (silent, resets) = try silent(answersPings: answersPings)
        var limits = KademliaLimits()
        limits.queryTimeout = .milliseconds(500)
        let host = try network.host("/ip4/127.0.0.1/tcp/1")
        let service = KademliaService(host: host, protocolName: name, limits: limits, policy: policy)
        service.start()
        defer { service.stop() }
        _ = try await host.connect(to: silent.listenAddresses[0])
        guard answersPings else {
            #expect(await eventually { resets() > 0 })
            #expect(service.count == 0)
            return
        }
        #expect(await eventually { service.count == 1 })
        #expect(await service.closestPeers(to: [1]) == [])
        // On a busy machine the time may be over before the stream is open, so more tries than `failures` may be needed; or
        // fewer, when a look-up of the service's own failed meanwhile.
        var tries = 1
        while service.count > 0, tries < 40 {
            _ = await service.closestPeers(to: [1])
            tries += 1
        }
        #expect(await eventually { service.count == 0 && resets() > 0 })
    }

    @Test func responsesSurviveAnythingAndAreBounded() throws {
        var limits = KademliaLimits()
        (limits.bucketSize, limits.addresses) = (3, 2)
        let peers = (UInt8(0)..<6).map { number in
            KademliaPeer(id: [UInt8](repeating: number, count: 34), addresses: (UInt8(0)..<4).map { [$0, 1, 2, 3] })
        }
        let seeds = [
            KademliaResponse.nodes(peers), .pong, .providers(peers, closer: peers), .value(nil, closer: peers),
            .value(KademliaRecord(key: [1], value: [2, 3]), closer: []),
        ].map(\.encoded)
        var random = DeterministicRandom(seed: 9)
        var taken = 0
        for _ in 0..<30_000 {
            var bytes = seeds[random.below(seeds.count)]
            for _ in 0..<random.below(4) where !bytes.isEmpty { bytes = bytes.flipping(random.below(bytes.count * 8)) }
            if random.below(4) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count + 1))) }
            if random.below(8) == 0 { bytes = random.bytes(random.below(80)) }
            guard let response = try? KademliaResponse(encoded: bytes, limits: limits) else { continue }
            taken += 1
            let named: [KademliaPeer] =
                switch response {
                case .nodes(let closer), .value(_, let closer): closer
                case .providers(let providers, let closer): max(providers.count, closer.count) > 3 ? peers : closer
                case .pong: []
                }
            #expect(named.count <= 3)
            #expect(named.allSatisfy { !$0.id.isEmpty && $0.id.count <= 64 && $0.addresses.count <= 2 })
            #expect((try? KademliaResponse(encoded: response.encoded, limits: limits)) == response)
        }
        #expect(taken > 1000 && taken < 30_000)
    }
}
