/// The id of a peer: the bytes of its multihash. Gossipsub compares them and looks no further.
public typealias GossipPeerID = [UInt8]

/// The id of a message: any bytes, see `GossipMessage.defaultID`.
public typealias GossipMessageID = [UInt8]

/// A published message: `Message` of the libp2p pubsub specification.
public struct GossipMessage: Hashable, Sendable {
    /// The peer that published it (field `from`), nil if it was left out.
    public var source: GossipPeerID?
    /// The payload.
    public var data: [UInt8]
    /// The publisher's counter (field `seqno`), 8 bytes big-endian, nil if it was left out.
    public var sequenceNumber: [UInt8]?
    /// The topic it was published to.
    public var topic: String
    /// The publisher's signature over the message without the fields `signature` and `key`, nil if it was left out.
    public var signature: [UInt8]?
    /// The publisher's public key where `source` does not contain it, nil otherwise.
    public var key: [UInt8]?

    /// A message of these fields.
    public init(
        source: GossipPeerID?, data: [UInt8], sequenceNumber: [UInt8]?, topic: String, signature: [UInt8]? = nil,
        key: [UInt8]? = nil
    ) {
        self.source = source
        self.data = data
        self.sequenceNumber = sequenceNumber
        self.topic = topic
        self.signature = signature
        self.key = key
    }

    /// The default id of the specification: source ‖ sequence number. Nil, which makes the message invalid, without a
    /// source or if the sequence number is not of 8 bytes: a free length would give two messages the same id.
    @Sendable public static func defaultID(_ message: GossipMessage) -> GossipMessageID? {
        guard let source = message.source, !source.isEmpty, let number = message.sequenceNumber, number.count == 8
        else { return nil }
        return source + number
    }

    /// The memory that the message holds, in bytes, without the fixed part.
    package var byteCount: Int {
        data.count + topic.utf8.count + (source?.count ?? 0) + (sequenceNumber?.count ?? 0) + (signature?.count ?? 0)
            + (key?.count ?? 0)
    }
}
