/// Gathers control messages, so that each peer gets one RPC.
package struct GossipOutbox {
    private var order: [GossipPeerID] = []
    private var controls: [GossipPeerID: GossipControl] = [:]

    package mutating func graft(_ topic: String, to peer: GossipPeerID) { change(peer) { $0.graft.append(topic) } }

    package mutating func prune(_ prune: GossipPrune, to peer: GossipPeerID) { change(peer) { $0.prune.append(prune) } }

    package mutating func have(_ topic: String, _ ids: [GossipMessageID], to peer: GossipPeerID) {
        change(peer) { $0.have.append(GossipIHave(topic: topic, ids: ids)) }
    }

    package mutating func want(_ ids: [GossipMessageID], to peer: GossipPeerID) { change(peer) { $0.want.append(ids) } }

    private mutating func change(_ peer: GossipPeerID, _ change: (inout GossipControl) -> Void) {
        if controls[peer] == nil { order.append(peer) }
        change(&controls[peer, default: GossipControl()])
    }

    /// One RPC per peer, in the order in which the peers were first addressed.
    package var actions: [GossipAction] {
        order.compactMap { peer in controls[peer].map { .send(GossipRPC(control: $0), to: peer) } }
    }
}
