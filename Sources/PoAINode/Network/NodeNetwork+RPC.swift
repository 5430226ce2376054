import LibP2P
import PoAIRPC

extension NodeNetwork: NetworkControl {
    var isListening: Bool { !host.listenAddresses.isEmpty }

    var node: NodeInformation { NodeInformation(peerID: "\(host.id)", addresses: addresses) }

    var peers: [PeerInformation] {
        service.peers.map { peer in
            PeerInformation(
                peerID: "\(peer.chain.peer)", address: peer.address.map { "\($0)" } ?? "",
                isOutbound: peer.chain.isOutbound, agent: peer.agent, protocols: peer.protocols,
                head: peer.chain.status.head, height: peer.chain.status.height,
                totalWork: peer.chain.status.totalWork, score: peer.score,
                roundTripMilliseconds: peer.roundTrip.map { $0 / .milliseconds(1) })
        }
    }

    func addPeer(_ multiaddr: String) throws(RPCError) {
        guard let address = try? Multiaddr(multiaddr), address.peerID != nil, address.isReachableByTCP else {
            throw .invalidParams("expected a multiaddr such as /ip4/1.2.3.4/tcp/30800/p2p/12D3Koo…")
        }
        discovery.addPeer(address)
    }

    func removePeer(_ multiaddr: String) throws(RPCError) -> Bool {
        guard let peer = (try? PeerID(multiaddr)) ?? (try? Multiaddr(multiaddr))?.peerID else {
            throw .invalidParams("expected a peer id, or a multiaddr that ends in one")
        }
        let isThere = host.connections.contains { $0.peer == peer }
        let wasWanted = discovery.removePeer(peer)
        host.disconnect(peer)
        return isThere || wasWanted
    }
}
