import NIOCore
import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import Synchronization
import Testing

@Suite struct AdminTests {
    private static let known = PeerInformation(
        peerID: "12D3KooWOne", address: "/ip4/10.0.0.1/tcp/1", isOutbound: true, agent: "poaid/1",
        protocols: ["/ipfs/id/1.0.0"], head: Keccak256.hash([1]), height: 17, totalWork: 255, score: -1.5,
        roundTripMilliseconds: 0.25)

    @Test func peersAreShownAndCounted() throws {
        let fixture = try RPCFixture { $0.network = FixedNetwork(peers: [Self.known]) }
        #expect(try fixture.call("net_peerCount") == "0x1")
        #expect(try fixture.call("net_listening") == true)
        guard case .list(let peers) = try fixture.call("admin_peers"), let peer = peers.first else {
            Issue.record("no list")
            return
        }
        #expect(peers.count == 1)
        #expect(peer["id"] == "12D3KooWOne")
        #expect(peer["enode"] == "/ip4/10.0.0.1/tcp/1/p2p/12D3KooWOne")
        #expect(peer["network"]?["inbound"] == false)
        #expect(peer["network"]?["score"] == .number("-1.5"))
        #expect(peer["protocols"]?["poai"]?["height"] == "0x11")
        #expect(peer["protocols"]?["poai"]?["head"] == .text(Keccak256.hash([1]).hex))
    }

    @Test func peersAreAddedAndRemoved() throws {
        let network = FixedNetwork(peers: [])
        let fixture = try RPCFixture { $0.network = network }
        #expect(try fixture.call("admin_addPeer", "/ip4/10.0.0.2/tcp/2/p2p/X") == true)
        #expect(try fixture.call("admin_removePeer", "/ip4/10.0.0.2/tcp/2/p2p/X") == true)
        #expect(try fixture.call("admin_removePeer", "/ip4/10.0.0.2/tcp/2/p2p/X") == false)
        #expect(throws: RPCError.self) { try fixture.call("admin_addPeer", "bad") }
        #expect(throws: RPCError.self) { try fixture.call("admin_addPeer", .text(String(repeating: "/", count: 1025))) }
        #expect(throws: RPCError.self) { try fixture.call("admin_addPeer") }
        #expect(try fixture.call("admin_nodeInfo")["id"] == "12D3KooWSelf")
    }

    @Test func withoutNetworkAdminSaysSo() throws {
        let fixture = try RPCFixture { _ in }
        #expect(throws: RPCError.server("this node has no network: it was started with --no-p2p")) {
            try fixture.call("admin_peers")
        }
        #expect(try fixture.call("net_peerCount") == "0x0")
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("128.0.0.1", false), ("10.0.0.1", false), ("::1", true),
        ("::2", false),
        ("::ffff:127.0.0.1", true), ("::ffff:10.0.0.1", false), ("fe80::1", false),
    ])
    func loopbackIsTold(address: String, isLoopback: Bool) throws {
        #expect(RateLimiter.isLoopback(try SocketAddress(ipAddress: address, port: 1)) == isLoopback)
    }
}

private final class FixedNetwork: NetworkControl {
    let peers: [PeerInformation]
    let node = NodeInformation(peerID: "12D3KooWSelf", addresses: ["/ip4/127.0.0.1/tcp/3/p2p/12D3KooWSelf"])
    let isListening = true
    private let added = Mutex<Set<String>>([])

    init(peers: [PeerInformation]) { self.peers = peers }

    func addPeer(_ multiaddr: String) throws(RPCError) {
        guard multiaddr.hasPrefix("/") else { throw .invalidParams("no multiaddr") }
        added.withLock { _ = $0.insert(multiaddr) }
    }

    func removePeer(_ multiaddr: String) throws(RPCError) -> Bool { added.withLock { $0.remove(multiaddr) != nil } }
}
