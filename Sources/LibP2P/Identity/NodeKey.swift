import Crypto
import Foundation
import SwiftProtobuf

/// A node's own key: Ed25519. Its text and its mirror show the peer id only.
public struct NodeKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: Curve25519.Signing.PrivateKey

    /// The public half.
    public let publicKey: PublicKey

    /// A new key from the system's secure randomness.
    public init() { self.init(Curve25519.Signing.PrivateKey()) }

    /// The key of a seed of 32 bytes (RFC 8032).
    /// - Throws: `invalidKey`.
    public init(seed: [UInt8]) throws(KeyError) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { throw .invalidKey }
        self.init(key)
    }

    /// Reads the protobuf form, whose data is seed ‖ public key, 64 bytes.
    /// - Throws: `KeyError`.
    public init(encoded: [UInt8]) throws(KeyError) {
        guard encoded.count <= PublicKey.maximumLength else { throw .tooLong }
        guard let message = try? PBPrivateKey(serializedBytes: encoded) else { throw .malformed }
        guard message.type == .ed25519 else { throw .unsupportedType }
        guard message.data.count == 64 else { throw .invalidKey }
        try self.init(seed: Array(message.data.prefix(32)))
        guard publicKey.data == Array(message.data.suffix(32)) else { throw .mismatchedHalves }
        guard self.encoded == encoded else { throw .malformed }
    }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        do throws(KeyError) {
            publicKey = try PublicKey(.ed25519, data: Array(key.publicKey.rawRepresentation))
        } catch {
            preconditionFailure("the public half of an Ed25519 key is valid")
        }
    }

    /// The deterministic protobuf form. Secret.
    public var encoded: [UInt8] {
        var message = PBPrivateKey()
        message.type = .ed25519
        message.data = key.rawRepresentation + Data(publicKey.data)
        return message.deterministicBytes()
    }

    /// The id of this node.
    public var peerID: PeerID { publicKey.peerID }

    /// The 64-byte signature of `message`.
    public func signature(for message: [UInt8]) -> [UInt8] {
        do {
            return Array(try key.signature(for: message))
        } catch {
            preconditionFailure("Ed25519 signs every message: \(error)")
        }
    }

    /// Shows no secret.
    public var description: String { "NodeKey(\(peerID))" }

    /// Shows no secret.
    public var customMirror: Mirror { Mirror(self, children: ["peerID": peerID]) }
}
