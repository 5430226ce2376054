import Foundation
import SwiftProtobuf

/// The payload of the handshake's second and third message: who a side is, the proof that its Noise key belongs to it,
/// and which stream muxers it would start with (https://github.com/libp2p/specs/blob/master/noise/README.md).
package struct NoiseIdentity: Hashable, Sendable {
    /// What the signature covers, before the Noise key.
    private static let signedPrefix = Array("noise-libp2p-static-key:".utf8)
    /// The most muxers that are read.
    package static let maximumMuxers = 32

    /// The identity key.
    package let key: PublicKey
    /// The protocol names of muxers, first choice first; nil without the extension.
    package let streamMuxers: [String]?

    package init(key: PublicKey, streamMuxers: [String]?) {
        self.key = key
        self.streamMuxers = streamMuxers
    }

    /// The payload with the signature of `noiseKey` by `identity`.
    package static func encode(_ identity: NodeKey, noiseKey: [UInt8], streamMuxers: [String]) -> [UInt8] {
        var payload = PBNoiseHandshakePayload()
        payload.identityKey = Data(identity.publicKey.encoded)
        payload.identitySig = Data(identity.signature(for: signedPrefix + noiseKey))
        if !streamMuxers.isEmpty { payload.extensions.streamMuxers = streamMuxers }
        return payload.deterministicBytes()
    }

    /// Reads a payload and checks its signature over the other side's `noiseKey`.
    /// - Throws: `malformedPayload`, `badIdentityKey`, `badIdentitySignature`.
    package init(payload: [UInt8], noiseKey: [UInt8]) throws(NoiseError) {
        guard let message = try? PBNoiseHandshakePayload(serializedBytes: payload),
            message.hasIdentityKey, message.hasIdentitySig,
            message.extensions.streamMuxers.count <= Self.maximumMuxers
        else { throw .malformedPayload }
        do throws(KeyError) { key = try PublicKey(encoded: Array(message.identityKey)) } catch {
            throw .badIdentityKey(error)
        }
        guard key.isValidSignature(Array(message.identitySig), for: Self.signedPrefix + noiseKey) else {
            throw .badIdentitySignature
        }
        let muxers = message.extensions.streamMuxers
        streamMuxers = muxers.isEmpty ? nil : muxers
    }
}
