import Foundation
import LibP2P
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct DiscoveryServiceTests {
    private let network = KademliaMemoryNetwork()
    private let policy = AddressPolicy(allowsLoopback: true)

    private func host(_ port: Int) throws -> KademliaMemoryHost { try network.host("/ip4/127.0.0.1/tcp/\(port)") }

    private func address(_ host: KademliaMemoryHost) throws -> Multiaddr {
        try Multiaddr("\(host.listenAddresses[0])/p2p/\(host.id)")
    }

    @Test func namedPeersAreProtectedUntilTheyAreRemoved() async throws {
        let (own, named, bare, later) = (try host(1), try host(2), try host(3), try host(4))
        var limits = DialPolicy.Limits()
        limits.target = 0
        let discovery = DiscoveryService(
            host: own, kademlia: nil, explicit: [try address(named), bare.listenAddresses[0]], addresses: policy,
            limits: limits)
        discovery.start()
        defer { discovery.stop() }
        discovery.addPeer(try address(later))
        #expect(await eventually { own.protected == [named.id, bare.id, later.id] })
        #expect(await eventually { own.connections.count == 3 })
        #expect(discovery.explicitPeers == [named.id, bare.id, later.id])
        #expect(discovery.removePeer(bare.id) && !discovery.removePeer(bare.id))
        #expect(own.protected == [named.id, later.id])
        #expect(own.connections.count == 3)
        // Those that are still named come back; by then the other one would have, too.
        own.disconnect(bare.id)
        own.disconnect(named.id)
        #expect(await eventually { own.connections.contains { $0.peer == named.id } })
        #expect(!own.connections.contains { $0.peer == bare.id })
    }

    @Test func namedPeersAreProtectedBeforeTheyAreReached() throws {
        let own = try host(5)
        let absent = NodeKey().peerID
        let named = try Multiaddr("/ip4/127.0.0.1/tcp/6/p2p/\(absent)")
        let discovery = DiscoveryService(host: own, kademlia: nil, explicit: [named], addresses: policy)
        discovery.start()
        #expect(own.protected == [absent])
        discovery.stop()
    }

    @Test func peersThatComeAreRefusedWhenThereAreEnough() async throws {
        let own = try host(10)
        var limits = DialPolicy.Limits()
        limits.maxPeers = 2
        let named = try host(14)
        let discovery = DiscoveryService(host: own, kademlia: nil, addresses: policy, limits: limits)
        discovery.start()
        defer { discovery.stop() }
        for port in 11...13 { _ = try await self.host(port).connect(to: own.listenAddresses[0]) }
        #expect(await eventually { own.connections.count == 2 })
        discovery.addPeer(try address(named))
        #expect(await eventually { own.connections.contains { $0.peer == named.id } })
    }

    @Test func aPeerNamedByItsIDIsLookedUp() async throws {
        let name = "/test/kad/1.0.0"
        let hosts = try (20..<23).map { try host($0) }
        let services = hosts.map { KademliaService(host: $0, protocolName: name, policy: policy) }
        defer { services.forEach { $0.stop() } }
        services.forEach { $0.start() }
        for host in hosts.dropFirst() { _ = try await host.connect(to: hosts[0].listenAddresses[0]) }
        _ = try await hosts[1].connect(to: hosts[2].listenAddresses[0])
        #expect(await eventually { services[1].count == 2 })
        services[1].stop()
        hosts[1].disconnect(hosts[2].id)
        var limits = DialPolicy.Limits()
        limits.target = 0
        let discovery = DiscoveryService(
            host: hosts[1], kademlia: services[1], explicit: [try Multiaddr("/p2p/\(hosts[2].id)")], addresses: policy,
            limits: limits)
        discovery.start()
        defer { discovery.stop() }
        #expect(await eventually { hosts[1].connections.contains { $0.peer == hosts[2].id } })
    }

    @Test func knownPeersAreKeptOverRestarts() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "discovery-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "peers").path
        let reports = Mutex<[String]>([])
        let (own, other) = (try host(30), try host(31))
        func discovery(_ host: KademliaMemoryHost) -> DiscoveryService {
            DiscoveryService(host: host, kademlia: nil, addresses: policy, book: PeerBookFile(path: path)) { line in
                reports.withLock { $0.append(line) }
            }
        }
        let first = discovery(own)
        first.start()
        _ = try await other.connect(to: own.listenAddresses[0])
        #expect(await eventually { first.candidatesSeen == 1 })
        first.stop()
        let written = try PeerBookFile(path: path).load { _ in }
        #expect(written.best == [try address(other)])
        // Another node that begins with this file finds the peer, and writes that it was there.
        let again = try host(32)
        let second = discovery(again)
        second.start()
        #expect(await eventually { again.connections.contains { $0.peer == other.id } })
        let isWritten = try await eventually {
            second.stop()
            second.start()
            return try PeerBookFile(path: path).load { _ in }.entries[try address(other)]?.lastSuccess ?? 0 > 0
        }
        #expect(isWritten)
        second.stop()
        #expect(reports.withLock { $0 } == [])
        try Data("nonsense".utf8).write(to: URL(filePath: path))
        let third = discovery(try host(33))
        third.start()
        third.stop()
        #expect(reports.withLock { $0.count == 1 && $0[0].contains("damaged") })
    }
}
