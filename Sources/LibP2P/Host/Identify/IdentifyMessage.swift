import Foundation
import SwiftProtobuf

/// What peers tell about themselves (https://github.com/libp2p/specs/blob/master/identify/README.md).
public enum IdentifyMessage {
    /// Protocol on which a peer that is asked tells.
    public static let protocolName = "/ipfs/id/1.0.0"
    /// Protocol on which a peer tells unasked.
    public static let pushProtocolName = "/ipfs/id/push/1.0.0"
    /// The longest message, in bytes; as go-libp2p has it.
    public static let maximumLength = 8192
    /// The most messages that are merged into one.
    public static let maximumMessages = 10
    /// The longest name of a program or network that is kept, in bytes.
    public static let maximumName = 256
    /// The most protocols that are kept.
    public static let maximumProtocols = 256
    /// The most addresses that are kept.
    public static let maximumAddresses = 64

    /// The message, at most `maximumLength` bytes: what does not fit is left out, protocols last.
    public static func encode(_ identity: PeerIdentity, key: PublicKey) -> [UInt8] {
        var message = PBIdentify()
        message.protocolVersion = identity.protocolVersion
        message.agentVersion = identity.agent
        message.publicKey = Data(key.encoded)
        message.protocols = identity.protocols
        if let observed = identity.observedAddress { message.observedAddr = Data(observed.bytes) }
        message.listenAddrs = identity.listenAddresses.map { Data($0.bytes) }
        if let record = identity.signedRecord { message.signedPeerRecord = Data(record) }
        var bytes = message.deterministicBytes()
        while bytes.count > maximumLength {
            if message.hasSignedPeerRecord {
                message.clearSignedPeerRecord()
            } else if message.listenAddrs.popLast() == nil, message.protocols.popLast() == nil {
                return []
            }
            bytes = message.deterministicBytes()
        }
        return bytes
    }

    /// Reads what a peer sent, one message or several to merge. What is not understood is left out.
    /// - Throws: `malformed`, also when it is about another peer.
    public static func decode(_ messages: [[UInt8]], from peer: PeerID) throws(StreamError) -> PeerIdentity {
        guard !messages.isEmpty, messages.count <= maximumMessages else { throw .malformed }
        var message = PBIdentify()
        for bytes in messages {
            guard bytes.count <= maximumLength else { throw .tooLong(limit: maximumLength) }
            do { try message.merge(serializedBytes: bytes) } catch { throw .malformed }
        }
        if message.hasPublicKey {
            guard let key = try? PublicKey(encoded: Array(message.publicKey)), key.peerID == peer else {
                throw .malformed
            }
        }
        let record = Array(message.signedPeerRecord)
        return PeerIdentity(
            agent: name(message.agentVersion), protocolVersion: name(message.protocolVersion),
            protocols: Array(message.protocols.prefix(maximumProtocols).filter(MultistreamLine.isAllowed)),
            listenAddresses: message.listenAddrs.prefix(maximumAddresses).compactMap { address($0) },
            observedAddress: address(message.observedAddr),
            signedRecord: PeerRecord(envelope: record)?.peer == peer ? record : nil)
    }

    private static func name(_ text: String) -> String { String(visible: text, limit: maximumName) }

    private static func address(_ bytes: Data) -> Multiaddr? { try? Multiaddr(bytes: Array(bytes)) }
}
