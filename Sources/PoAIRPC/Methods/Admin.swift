import PoAIChain
import PoAIJSON
import PoAIPrimitives

/// admin_*, miner_*: the node's own connections and its miner. For callers on the node's machine only.
extension RPCMethods {
    func addAdmin(to table: inout RPCMethodTable) {
        table.add("admin_nodeInfo", nodeInfo)
        table.add("admin_peers") { () throws(RPCError) in .list(try network().peers.map(Self.peer)) }
        table.add("admin_addPeer", 1...1) { (arguments) throws(RPCError) in
            try network().addPeer(try Self.address(arguments[0]))
            return true
        }
        table.add("admin_removePeer", 1...1) { (arguments) throws(RPCError) in
            .bool(try network().removePeer(try Self.address(arguments[0])))
        }
        for (name, mines) in [("miner_start", true), ("miner_stop", false)] {
            table.add(name, 0...1) { (_) throws(RPCError) in
                guard let mining = backend.mining else { throw .server("this node does not mine") }
                try mining.setMining(mines)
                return true
            }
        }
        for name in table.names where name.hasPrefix("admin_") || name.hasPrefix("miner_") {
            table.restrictToLocal(name)
        }
    }

    private func network() throws(RPCError) -> any NetworkControl {
        guard let network = backend.network else {
            throw .server("this node has no network: it was started with --no-p2p")
        }
        return network
    }

    /// In the form of geth, with a multiaddr where geth has an enode.
    @Sendable private func nodeInfo() throws(RPCError) -> JSONValue {
        let node = try network().node
        let head = chain.head
        return [
            "id": .text(node.peerID), "name": .text(backend.clientVersion),
            "enode": .text(node.addresses.first ?? ""), "addresses": .list(node.addresses.map(JSONValue.text)),
            "protocols": [
                "poai": [
                    "network": .quantity(chain.spec.chainID), "genesis": try genesis(), "head": .hash(head.hash),
                    "height": .quantity(head.header.number), "totalWork": .word(head.totalWork),
                ]
            ],
        ]
    }

    private func genesis() throws(RPCError) -> JSONValue {
        try reading { () throws(ChainError) in try reader.canonicalHash(at: 0) }.map { .hash($0) } ?? .null
    }

    private static func address(_ parameter: Parameter) throws(RPCError) -> String {
        let text = try parameter.text()
        guard text.utf8.count <= 1024 else { throw parameter.expected("a multiaddr of at most 1024 bytes") }
        return text
    }

    /// A number with a fraction; null when it is none.
    private static func number(_ value: Double) -> JSONValue { value.isFinite ? .number("\(value)") : .null }

    private static func peer(_ peer: PeerInformation) -> JSONValue {
        [
            "id": .text(peer.peerID), "name": .text(peer.agent), "enode": .text("\(peer.address)/p2p/\(peer.peerID)"),
            "caps": .list(peer.protocols.map(JSONValue.text)),
            "network": [
                "remoteAddress": .text(peer.address), "inbound": .bool(!peer.isOutbound),
                "roundTripMilliseconds": peer.roundTripMilliseconds.map(number) ?? .null,
                "score": number(peer.score),
            ],
            "protocols": [
                "poai": [
                    "head": peer.head.map { .hash($0) } ?? .null, "height": peer.height.map { .quantity($0) } ?? .null,
                    "totalWork": peer.totalWork.map { .word($0) } ?? .null,
                ]
            ],
        ]
    }
}
