import Foundation
import LibP2P
import Synchronization
import Testing

/// Whether the kernel carries multicast on the loopback interface; tried with two plain sockets.
private let loopbackCarriesMulticast: Bool = {
    func socketOnLoopback() -> Int32? {
        let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var on: Int32 = 1
        let own = in_addr(s_addr: inet_addr("127.0.0.1"))
        var membership = ip_mreq(imr_multiaddr: in_addr(s_addr: inet_addr("224.0.0.251")), imr_interface: own)
        var sender = own
        var address = sockaddr_in()
        (address.sin_family, address.sin_port) = (sa_family_t(AF_INET), UInt16(5353).bigEndian)
        var wait = timeval(tv_sec: 2, tv_usec: 0)
        let isReady =
            setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, 4) == 0
            && setsockopt(file, SOL_SOCKET, SO_REUSEPORT, &on, 4) == 0
            && setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size)) == 0
            && withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            && setsockopt(
                file, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, &membership, socklen_t(MemoryLayout<ip_mreq>.size)) == 0
            && setsockopt(file, Int32(IPPROTO_IP), IP_MULTICAST_IF, &sender, socklen_t(MemoryLayout<in_addr>.size)) == 0
        guard isReady else {
            close(file)
            return nil
        }
        return file
    }
    guard let one = socketOnLoopback() else { return false }
    defer { close(one) }
    guard let two = socketOnLoopback() else { return false }
    defer { close(two) }
    var group = sockaddr_in()
    (group.sin_family, group.sin_port) = (sa_family_t(AF_INET), UInt16(5353).bigEndian)
    group.sin_addr = in_addr(s_addr: inet_addr("224.0.0.251"))
    let sent = withUnsafePointer(to: &group) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(one, [UInt8](repeating: 0, count: 12), 12, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    var bytes = [UInt8](repeating: 0, count: 2048)
    return sent == 12 && recv(two, &bytes, bytes.count, 0) > 0
}()

@Suite(.enabled(if: loopbackCarriesMulticast, "the kernel carries no multicast on the loopback interface"))
struct MDNSServiceTests {
    private final class Node: Sendable {
        let host: KademliaMemoryHost
        let found = Mutex<[PeerID: Set<Multiaddr>]>([:])

        init(_ network: KademliaMemoryNetwork, _ port: Int) throws {
            host = try network.host("/ip4/127.0.0.1/tcp/\(port)")
        }

        func service(_ name: String) -> MDNSService {
            MDNSService(host: host, serviceName: name) { [host] in
                host.listenAddresses
            } found: { [self] peer, addresses in
                found.withLock { $0[peer, default: []].formUnion(addresses) }
            }
        }

        func knows(_ other: Node) -> Bool { found.withLock { $0[other.host.id] != nil } }
    }

    private func name() -> String { "_t\(UInt32.random(in: 0...(.max)))._udp.local" }

    @Test func nodesOfOneMachineFindEachOther() async throws {
        let network = KademliaMemoryNetwork()
        let nodes = try (0..<3).map { try Node(network, 6000 + $0) }
        let shared = name()
        // The third one is of another network.
        let services = [nodes[0].service(shared), nodes[1].service(shared), nodes[2].service(name())]
        for service in services { try await service.start() }
        #expect(await eventually { nodes[0].knows(nodes[1]) && nodes[1].knows(nodes[0]) })
        let expected = try Multiaddr("/ip4/127.0.0.1/tcp/6001/p2p/\(nodes[1].host.id)")
        #expect(nodes[0].found.withLock { $0[nodes[1].host.id] } == [expected])
        for service in services { await service.stop() }
        #expect(nodes[2].found.withLock { $0.isEmpty })
        #expect(nodes.prefix(2).allSatisfy { $0.found.withLock { $0.count } == 1 })
    }

    @Test func startsAgainAfterItStopped() async throws {
        let network = KademliaMemoryNetwork()
        let nodes = try (0..<2).map { try Node(network, 6100 + $0) }
        let shared = name()
        let services = nodes.map { $0.service(shared) }
        try await services[0].start()
        try await services[0].start()
        await services[0].stop()
        try await services[1].start()
        try await services[0].start()
        #expect(await eventually { nodes[0].knows(nodes[1]) && nodes[1].knows(nodes[0]) })
        for service in services { await service.stop() }
    }

    @Test func foundPeersAreDialled() async throws {
        let network = KademliaMemoryNetwork()
        let nodes = try (0..<2).map { try Node(network, 6300 + $0) }
        let shared = name()
        let services = nodes.map { node in
            DiscoveryService(
                host: node.host, kademlia: nil, addresses: AddressPolicy(allowsLoopback: true),
                mdns: node.service(shared))
        }
        services.forEach { $0.start() }
        #expect(await eventually { nodes.allSatisfy { $0.host.connections.count == 1 } })
        #expect(services.contains { $0.candidatesSeen > 0 })
        services.forEach { $0.stop() }
    }

    @Test func aBadNameIsRefused() async throws {
        let service = try Node(KademliaMemoryNetwork(), 6200).service("a..b")
        await #expect(throws: MDNSError.badServiceName("a..b")) { try await service.start() }
        let reports = Mutex<[String]>([])
        let discovery = DiscoveryService(
            host: try Node(KademliaMemoryNetwork(), 6201).host, kademlia: nil, mdns: service
        ) { line in reports.withLock { $0.append(line) } }
        discovery.start()
        #expect(await eventually { reports.withLock { $0 } == [MDNSError.badServiceName("a..b").description] })
        discovery.stop()
    }
}
