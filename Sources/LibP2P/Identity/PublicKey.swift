import Crypto
import CryptoExtras
import Foundation
import SwiftProtobuf

/// Why a key is not taken. Never carries key material.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Longer than `PublicKey.maximumLength`.
    case tooLong
    /// Not the one protobuf form of type and data.
    case malformed
    /// A type that is not Ed25519, secp256k1 or RSA.
    case unsupportedType
    /// The data is no public key of its type.
    case invalidKey
    /// A private key's two halves do not belong together.
    case mismatchedHalves

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooLong: "the key is too long"
        case .malformed: "the key is not the canonical protobuf of a key"
        case .unsupportedType: "the key's type is not Ed25519, secp256k1 or RSA"
        case .invalidKey: "the key's data is not valid for its type"
        case .mismatchedHalves: "the private key's seed does not give its public key"
        }
    }
}

/// The public key of a peer: checks signatures and makes the peer id
/// (https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md).
public struct PublicKey: Hashable, Sendable {
    /// The kinds of keys that are understood.
    public enum Kind: Sendable {
        /// 32 bytes, RFC 8032.
        case ed25519
        /// A compressed point, 33 bytes; DER signatures over SHA-256.
        case secp256k1
        /// PKIX DER of 2048...8192 bits; PKCS #1 v1.5 signatures over SHA-256.
        case rsa
    }

    /// The longest encoded key that is read, in bytes; an RSA key of 8192 bits fits.
    public static let maximumLength = 2048
    /// The sizes of RSA keys that are taken, in bits: smaller is weak, larger only costs time.
    public static let rsaBits = 2048...8192

    /// The kind.
    public let kind: Kind
    /// The key in the form of its kind, without protobuf.
    public let data: [UInt8]

    /// A key of `kind`.
    /// - Throws: `invalidKey`, `tooLong`.
    public init(_ kind: Kind, data: [UInt8]) throws(KeyError) {
        guard data.count <= Self.maximumLength - 8 else { throw .tooLong }
        guard Self.isValid(kind, data) else { throw .invalidKey }
        self.kind = kind
        self.data = data
    }

    /// Reads the protobuf form. The form has to be the deterministic one, as the peer id is made of it.
    /// - Throws: `KeyError`.
    public init(encoded: [UInt8]) throws(KeyError) {
        guard encoded.count <= Self.maximumLength else { throw .tooLong }
        guard let message = try? PBPublicKey(serializedBytes: encoded) else { throw .malformed }
        try self.init(Self.kind(of: message.type), data: Array(message.data))
        guard self.encoded == encoded else { throw .malformed }
    }

    /// The deterministic protobuf form.
    public var encoded: [UInt8] {
        var message = PBPublicKey()
        message.type = type
        message.data = Data(data)
        return message.deterministicBytes()
    }

    /// The id of the peer with this key.
    public var peerID: PeerID { PeerID(self) }

    /// Whether `signature` is this key's of `message`. False for whatever is malformed.
    public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        switch kind {
        case .ed25519:
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: data)
            return key?.isValidSignature(signature, for: message) ?? false
        case .secp256k1:
            return Secp256k1Signature.isValid(signature, digest: Array(SHA256.hash(data: message)), key: data)
        case .rsa:
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            let key = try? _RSA.Signing.PublicKey(derRepresentation: data)
            return key?.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
                ?? false
        }
    }

    var type: PBKeyType {
        switch kind {
        case .ed25519: .ed25519
        case .secp256k1: .secp256K1
        case .rsa: .rsa
        }
    }

    static func kind(of type: PBKeyType) throws(KeyError) -> Kind {
        switch type {
        case .ed25519: .ed25519
        case .secp256K1: .secp256k1
        case .rsa: .rsa
        case .ecdsa: throw .unsupportedType
        }
    }

    private static func isValid(_ kind: Kind, _ data: [UInt8]) -> Bool {
        switch kind {
        case .ed25519: (try? Curve25519.Signing.PublicKey(rawRepresentation: data)) != nil
        case .secp256k1: Secp256k1Signature.isCompressedPoint(data)
        case .rsa: isValidRSA(data)
        }
    }

    /// The size is right, and the bytes are the one DER form of the key, so that one key has one peer id.
    private static func isValidRSA(_ der: [UInt8]) -> Bool {
        guard let key = try? _RSA.Signing.PublicKey(derRepresentation: der) else { return false }
        return rsaBits.contains(key.keySizeInBits) && Array(key.derRepresentation) == der
    }
}
