import SwiftProtobuf

extension GossipRPC {
    /// The most bytes of an encoded RPC, without its length in front: 1 MiB.
    public static let maximumBytes = 1 << 20
    /// The most fields of an RPC, its subscriptions, messages and ids among them; ids of 20 bytes fill 1 MiB below.
    public static let maximumFields = 1 << 16

    /// Reads the protobuf form. A field that is missing is empty; what is unknown is passed over.
    /// - Throws: `GossipWireError`.
    public init(encoded: [UInt8]) throws(GossipWireError) {
        guard encoded.count <= Self.maximumBytes else { throw .tooLong }
        var fields = GossipFieldCount()
        try fields.add(encoded[...])
        guard let rpc = try? PBRPC(serializedBytes: encoded) else { throw .malformed }
        self.init(
            subscriptions: rpc.subscriptions.map { GossipSubscription(subscribe: $0.subscribe, topic: $0.topicid) },
            messages: rpc.publish.map { GossipMessage($0) }, control: GossipControl(rpc.control))
    }
}

extension GossipMessage {
    /// The message of its protobuf.
    init(_ message: PBMessage) {
        self.init(
            source: message.hasFrom ? Array(message.from) : nil, data: Array(message.data),
            sequenceNumber: message.hasSeqno ? Array(message.seqno) : nil, topic: message.topic,
            signature: message.hasSignature ? Array(message.signature) : nil,
            key: message.hasKey ? Array(message.key) : nil)
    }
}

extension GossipControl {
    /// The control messages of their protobuf.
    init(_ control: PBControlMessage) {
        self.init(
            have: control.ihave.map { GossipIHave(topic: $0.topicID, ids: $0.messageIds.map { Array($0) }) },
            want: control.iwant.map { $0.messageIds.map { Array($0) } }, graft: control.graft.map(\.topicID),
            prune: control.prune.map { GossipPrune($0) },
            dontWant: control.idontwant.map { $0.messageIds.map { Array($0) } })
    }
}

extension GossipPrune {
    /// The prune of its protobuf.
    init(_ prune: PBControlPrune) {
        let peers = prune.peers.map { info in
            GossipPeerInfo(
                peer: Array(info.peerID), signedRecord: info.hasSignedPeerRecord ? Array(info.signedPeerRecord) : nil)
        }
        self.init(topic: prune.topicID, peers: peers, backoff: prune.hasBackoff ? prune.backoff : nil)
    }
}
