import CSecp256k1

/// A secp256k1 private key. No description, dump or interpolation shows it; `bytes` is the only way out.
public struct PrivateKey: Sendable {
    private let secret: Hash32

    /// 32 bytes, a big-endian number from 1 to the group order less 1.
    /// - Throws: `Secp256k1Error.wrongPrivateKeyLength`, `.privateKeyOutOfRange`.
    public init(bytes: some Collection<UInt8>) throws(Secp256k1Error) {
        guard let secret = Hash32(bytes) else { throw .wrongPrivateKeyLength(got: bytes.count) }
        guard secp256k1_ec_seckey_verify(Secp256k1.context, secret.bytes) == 1 else { throw .privateKeyOutOfRange }
        self.secret = secret
    }

    /// A new key from the operating system's secure randomness.
    public static func generate() -> PrivateKey {
        while true {  // one draw in 2^128 is out of range
            if let key = try? PrivateKey(bytes: randomBytes32()) { return key }
        }
    }

    /// The 32 bytes of the key, for writing it to its file.
    public var bytes: [UInt8] { secret.bytes }

    /// The point of this key.
    public var publicKey: PublicKey {
        var point = secp256k1_pubkey()
        let made = secp256k1_ec_pubkey_create(Secp256k1.context, &point, secret.bytes)
        precondition(made == 1, "a key checked at init has a point")
        return PublicKey(point)
    }

    /// The account of this key.
    public var address: Address { publicKey.address }

    /// Signs a 32-byte digest: deterministic (RFC 6979), s in the lower half.
    public func sign(_ digest: Hash32) -> RecoverableSignature {
        var signature = secp256k1_ecdsa_recoverable_signature()
        let signed = secp256k1_ecdsa_sign_recoverable(
            Secp256k1.context, &signature, digest.bytes, secret.bytes, nil, nil)
        precondition(signed == 1, "a key checked at init signs")
        return RecoverableSignature(signature)
    }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says what this is, not which.
    public var description: String { "PrivateKey(redacted)" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// Without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
