import Foundation
import SwiftProtobuf

/// Where a peer says to be, with its signature: the payload of a signed envelope
/// (libp2p RFC 0002, Signed Envelopes, and RFC 0003, Peer Routing Records).
public struct PeerRecord: Hashable, Sendable {
    /// The longest envelope that is read, in bytes.
    public static let maximumLength = 8192
    /// The most addresses that are read.
    public static let maximumAddresses = 64
    private static let domain = Array("libp2p-peer-record".utf8)
    private static let payloadType: [UInt8] = [0x03, 0x01]

    /// Who signed, and whom the addresses lead to.
    public let peer: PeerID
    /// A record with a higher number replaces one with a lower.
    public let sequence: UInt64
    /// The addresses; those of protocols that this project does not read are left out.
    public let addresses: [Multiaddr]

    /// The envelope of a record of this node.
    public static func envelope(of key: NodeKey, sequence: UInt64, addresses: [Multiaddr]) -> [UInt8] {
        var record = PBPeerRecord()
        record.peerID = Data(key.peerID.bytes)
        record.seq = sequence
        record.addresses = addresses.map { address in
            var info = PBPeerRecord.AddressInfo()
            info.multiaddr = Data(address.bytes)
            return info
        }
        let payload = record.deterministicBytes()
        var envelope = PBEnvelope()
        envelope.publicKey = (try? PBPublicKey(serializedBytes: key.publicKey.encoded)) ?? PBPublicKey()
        envelope.payloadType = Data(payloadType)
        envelope.payload = Data(payload)
        envelope.signature = Data(key.signature(for: signedBytes(payload)))
        return envelope.deterministicBytes()
    }

    /// Reads an envelope; nil unless the peer that it is about signed it.
    public init?(envelope bytes: [UInt8]) {
        guard bytes.count <= Self.maximumLength, let envelope = try? PBEnvelope(serializedBytes: bytes),
            Array(envelope.payloadType) == Self.payloadType, envelope.hasPublicKey,
            let encoded: [UInt8] = try? envelope.publicKey.serializedBytes(),
            let key = try? PublicKey(encoded: encoded),
            key.isValidSignature(Array(envelope.signature), for: Self.signedBytes(Array(envelope.payload))),
            let record = try? PBPeerRecord(serializedBytes: Array(envelope.payload)),
            Array(record.peerID) == key.peerID.bytes, record.addresses.count <= Self.maximumAddresses
        else { return nil }
        peer = key.peerID
        sequence = record.seq
        addresses = record.addresses.compactMap { try? Multiaddr(bytes: Array($0.multiaddr)) }
    }

    private static func signedBytes(_ payload: [UInt8]) -> [UInt8] {
        UVarint.prefixed(domain) + UVarint.prefixed(payloadType) + UVarint.prefixed(payload)
    }
}
