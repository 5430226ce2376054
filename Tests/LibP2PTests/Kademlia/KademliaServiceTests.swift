import LibP2P
import Testing

@Suite struct KademliaServiceTests {
    private let name = "/test/kad/1.0.0"

    /// Nodes that all know only the first one.
    private func nodes(_ count: Int) async throws -> [(host: KademliaMemoryHost, kademlia: KademliaService)] {
        let network = KademliaMemoryNetwork()
        let policy = AddressPolicy(allowsLoopback: true)
        let nodes = try (0..<count).map { number in
            let host = try network.host("/ip4/127.0.0.1/tcp/\(4000 + number)")
            return (host, KademliaService(host: host, protocolName: name, policy: policy))
        }
        for node in nodes { node.1.start() }
        for node in nodes.dropFirst() { _ = try await node.0.connect(to: nodes[0].0.listenAddresses[0]) }
        return nodes
    }

    private func wait(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<1500 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return condition()
    }

    @Test func nodesFindEachOtherThroughOne() async throws {
        let nodes = try await nodes(10)
        defer { nodes.forEach { $0.kademlia.stop() } }
        #expect(await wait { nodes[0].kademlia.count == 9 && nodes.allSatisfy { $0.kademlia.count > 0 } })
        let found = await nodes[3].kademlia.findPeer(nodes[7].host.id)
        #expect(found.map(\.description) == ["/ip4/127.0.0.1/tcp/4007/p2p/\(nodes[7].host.id)"])
        await nodes[5].kademlia.bootstrap()
        #expect(nodes[5].kademlia.count == 9)
        #expect(await nodes[5].kademlia.closestPeers(to: [1]).count == 9)
        #expect(await nodes[5].kademlia.findPeer(NodeKey().peerID) == [])
    }

    @Test func servesSeveralRequestsAndResetsOnRefusal() async throws {
        let nodes = try await nodes(2)
        defer { nodes.forEach { $0.kademlia.stop() } }
        let stream = try await nodes[1].host.open([name], to: nodes[0].host.id)
        var messages = StreamMessages(stream)
        for _ in 0..<3 {
            try await stream.write(message: KademliaRequest.ping.encoded)
            let answer = try #require(try await messages.next(limit: 1024))
            #expect(try KademliaResponse(encoded: answer) == .pong)
        }
        try await stream.write(message: KademliaRequest.addProvider([1], []).encoded)
        await #expect(throws: StreamError.reset) { try await stream.read() }
    }

    @Test func discoveryConnectsNodesThatKnowOnlyOne() async throws {
        let network = KademliaMemoryNetwork()
        let policy = AddressPolicy(allowsLoopback: true)
        let first = try network.host("/ip4/127.0.0.1/tcp/5000")
        var all: [(KademliaMemoryHost, KademliaService, DiscoveryService)] = []
        for number in 0..<5 {
            let host = number == 0 ? first : try network.host("/ip4/127.0.0.1/tcp/\(5000 + number)")
            let kademlia = KademliaService(host: host, protocolName: name, policy: policy)
            let named = number == 0 ? [] : first.listenAddresses
            let discovery = DiscoveryService(host: host, kademlia: kademlia, explicit: named, addresses: policy)
            kademlia.start()
            all.append((host, kademlia, discovery))
        }
        for node in all { node.2.start() }
        #expect(await wait { all.allSatisfy { $0.0.connections.count == 4 } })
        for node in all {
            node.2.stop()
            node.1.stop()
        }
    }
}
