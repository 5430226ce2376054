/// Why a key or signature is not taken. Never carries key material.
public enum Secp256k1Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// A private key has 32 bytes.
    case wrongPrivateKeyLength(got: Int)
    /// A private key is a number from 1 to the group order less 1.
    case privateKeyOutOfRange
    /// A public key has 64 bytes.
    case wrongPublicKeyLength(got: Int)
    /// The two coordinates are not a point of the curve.
    case publicKeyNotOnCurve
    /// The recovery id is 0...3.
    case recoveryIDOutOfRange(got: UInt8)
    /// r and s are numbers from 1 to the group order less 1.
    case signatureOutOfRange
    /// s is above half of the group order (EIP-2): the same signature with another s.
    case highS
    /// No public key makes this signature of this digest.
    case unrecoverable

    /// One line for a person.
    public var description: String {
        switch self {
        case .wrongPrivateKeyLength(let got): "a private key has 32 bytes, got \(got)"
        case .privateKeyOutOfRange: "the private key is 0 or not below the secp256k1 group order"
        case .wrongPublicKeyLength(let got): "a public key has 64 bytes, got \(got)"
        case .publicKeyNotOnCurve: "the public key is not a point of secp256k1"
        case .recoveryIDOutOfRange(let got): "signature recovery id is \(got), expected 0...3"
        case .signatureOutOfRange: "signature r or s is 0 or not below the secp256k1 group order"
        case .highS: "signature s is above half of the secp256k1 group order (EIP-2)"
        case .unrecoverable: "the signature recovers to no public key"
        }
    }
}
