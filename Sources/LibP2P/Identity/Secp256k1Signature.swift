import CSecp256k1

/// Checks of secp256k1 keys and signatures in libp2p's form: compressed points, DER.
enum Secp256k1Signature {
    /// Whether `key` is a point of the curve in its 33-byte form.
    static func isCompressedPoint(_ key: [UInt8]) -> Bool { point(key) != nil }

    /// Whether the DER `signature` of the 32-byte `digest` is that of `key`. Takes both values of s, as other
    /// implementations do.
    static func isValid(_ signature: [UInt8], digest: [UInt8], key: [UInt8]) -> Bool {
        var parsed = secp256k1_ecdsa_signature()
        guard digest.count == 32, var point = point(key),
            secp256k1_ecdsa_signature_parse_der(context.pointer, &parsed, signature, signature.count) == 1
        else { return false }
        var lowS = secp256k1_ecdsa_signature()
        secp256k1_ecdsa_signature_normalize(context.pointer, &lowS, &parsed)
        return secp256k1_ecdsa_verify(context.pointer, &lowS, digest, &point) == 1
    }

    private static func point(_ key: [UInt8]) -> secp256k1_pubkey? {
        var point = secp256k1_pubkey()
        guard key.count == 33, secp256k1_ec_pubkey_parse(context.pointer, &point, key, key.count) == 1 else {
            return nil
        }
        return point
    }

    private static let context = VerificationContext()
}

/// Made once, then only read, which libsecp256k1 allows from any thread. It meets no secrets, so it needs no blinding.
private final class VerificationContext: @unchecked Sendable {
    let pointer: OpaquePointer

    init() {
        guard let made = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_VERIFY)) else {
            preconditionFailure("libsecp256k1 makes a context or aborts")
        }
        pointer = made
    }
}
