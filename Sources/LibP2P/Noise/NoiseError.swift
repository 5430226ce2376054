/// Why a Noise handshake or session ends. After any of these the connection is of no use.
public enum NoiseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A message that ends too early for its place in the handshake, or a frame shorter than a tag.
    case truncated
    /// A message of more than `NoiseFrame.maximumLength` bytes.
    case tooLong
    /// A ciphertext that was not made with this key, nonce and associated data.
    case decryptionFailed
    /// 2⁶⁴ − 1 messages were sent in one direction.
    case nonceExhausted
    /// The other side's key is one of the few that give a shared secret of zeros, which anybody knows.
    case zeroSharedSecret
    /// The payload is not the protobuf of the libp2p spec, or too much is in it.
    case malformedPayload
    /// The other side's identity key is not taken.
    case badIdentityKey(KeyError)
    /// The other side does not prove that its identity key and its Noise key belong together.
    case badIdentitySignature
    /// The other side is somebody else than who was dialled.
    case unexpectedPeer(PeerID, expected: PeerID)
    /// A message that the handshake has no place for, or anything after an error.
    case outOfOrder

    /// One line for a person.
    public var description: String {
        switch self {
        case .truncated: "a Noise message is too short"
        case .tooLong: "a Noise message is too long"
        case .decryptionFailed: "a Noise message cannot be decrypted"
        case .nonceExhausted: "no nonce is left"
        case .zeroSharedSecret: "the peer's key gives no secret"
        case .malformedPayload: "the payload of the Noise handshake is malformed"
        case .badIdentityKey(let error): "identity key: \(error)"
        case .badIdentitySignature: "the peer's identity key did not sign its Noise key"
        case .unexpectedPeer(let peer, let expected): "expected peer \(expected), found \(peer)"
        case .outOfOrder: "a Noise message came where there is no place for it"
        }
    }
}
