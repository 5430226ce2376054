/// What messages say of who published them: the signing policies of the libp2p pubsub specification.
public enum GossipSigning: Sendable {
    /// Every message names its publisher and is signed by it; own ones with this key.
    case strictSign(NodeKey)
    /// No message names its publisher; one that does is invalid.
    case strictNoSign

    /// What a signature covers, before the message without its fields `signature` and `key`.
    private static let prefix = Array("libp2p-pubsub:".utf8)

    /// A message to publish. `number` makes it unique among those of the key.
    package func message(_ data: [UInt8], topic: String, number: UInt64) -> GossipMessage {
        guard case .strictSign(let key) = self else {
            return GossipMessage(source: nil, data: data, sequenceNumber: nil, topic: topic)
        }
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        let publisher = key.peerID
        var message = GossipMessage(source: publisher.bytes, data: data, sequenceNumber: counter, topic: topic)
        message.signature = key.signature(for: Self.signedBytes(message))
        if publisher.inlineKey == nil { message.key = key.publicKey.encoded }
        return message
    }

    /// Whether a message is as the policy wants it. With signatures: the publisher is a peer id, the counter has 8 bytes,
    /// the key is the publisher's, and the signature is the key's.
    public func isAuthentic(_ message: GossipMessage) -> Bool {
        switch self {
        case .strictSign: Self.isSigned(message)
        case .strictNoSign:
            message.source == nil && message.sequenceNumber == nil && message.signature == nil && message.key == nil
        }
    }

    private static func isSigned(_ message: GossipMessage) -> Bool {
        guard let source = message.source, let publisher = try? PeerID(bytes: source),
            message.sequenceNumber?.count == 8, let signature = message.signature,
            let key = key(of: publisher, message.key)
        else { return false }
        return key.isValidSignature(signature, for: signedBytes(message))
    }

    /// The publisher's key: from the field, which then has to match the id, or out of the id.
    private static func key(of publisher: PeerID, _ field: [UInt8]?) -> PublicKey? {
        guard let field else { return publisher.inlineKey }
        guard let key = try? PublicKey(encoded: field), key.peerID == publisher else { return nil }
        return key
    }

    /// What the signature of a message covers.
    package static func signedBytes(_ message: GossipMessage) -> [UInt8] {
        var unsigned = message.protobuf
        unsigned.clearSignature()
        unsigned.clearKey()
        return prefix + unsigned.deterministicBytes()
    }
}
