import CSecp256k1
import Crypto
import CryptoExtras
import Foundation
import LibP2P
import enum PoAIPrimitives.Hex
import Testing

/// Keys of the libp2p spec's test vectors (peer-ids/peer-ids.md), and signers of the kinds that a node itself has not.
enum TestKeys {
    static let ed25519Private =
        "0x080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
        + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"
    static let ed25519Public = "0x080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"
    static let secp256k1Secret = "0x53dadf1d5a164d6b4acdb15e24aa4c5b1d3461bdbd42abedb0a4404d56ced8fb"
    static let secp256k1Public = "0x08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"

    /// Made once: it takes a while.
    static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    static func rsaPublic() throws -> PublicKey {
        try PublicKey(.rsa, data: Array(try rsa.get().publicKey.derRepresentation))
    }

    /// PKIX DER of a public key of 1024 bits.
    static func smallRSA() throws -> [UInt8] {
        Array(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1024)).publicKey.derRepresentation)
    }

    /// PKCS #1 v1.5 over SHA-256.
    static func rsaSign(_ message: [UInt8]) throws -> [UInt8] {
        Array(try rsa.get().signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation)
    }

    /// DER over SHA-256 by `secp256k1Secret`; with `highS` the other of the two valid signatures.
    static func secp256k1Sign(_ message: [UInt8], highS: Bool = false) throws -> [UInt8] {
        let context = try #require(secp256k1_context_create(UInt32(SECP256K1_CONTEXT_SIGN)))
        defer { secp256k1_context_destroy(context) }
        var signature = secp256k1_ecdsa_signature()
        _ = secp256k1_ecdsa_sign(
            context, &signature, Array(SHA256.hash(data: message)), try Hex.decode(secp256k1Secret), nil, nil)
        var compact = [UInt8](repeating: 0, count: 64)
        secp256k1_ecdsa_signature_serialize_compact(context, &compact, &signature)
        if highS {
            compact.replaceSubrange(32..., with: try orderMinus(Array(compact.suffix(32))))
            _ = secp256k1_ecdsa_signature_parse_compact(context, &signature, compact)
        }
        var der = [UInt8](repeating: 0, count: 80)
        var length = der.count
        secp256k1_ecdsa_signature_serialize_der(context, &der, &length, &signature)
        return Array(der.prefix(length))
    }

    /// The group order less a big-endian number.
    private static func orderMinus(_ number: [UInt8]) throws -> [UInt8] {
        var difference = try Hex.decode("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
        var borrow = 0
        for position in (0..<32).reversed() {
            let digit = Int(difference[position]) - Int(number[position]) - borrow
            borrow = digit < 0 ? 1 : 0
            difference[position] = UInt8(truncatingIfNeeded: digit)
        }
        return difference
    }
}
