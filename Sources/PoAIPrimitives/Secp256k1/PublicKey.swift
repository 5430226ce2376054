import CSecp256k1

/// A point of secp256k1.
public struct PublicKey: Hashable, Sendable {
    /// x and y, 32 bytes big-endian each.
    public let bytes: [UInt8]

    /// 64 bytes: x and y, big-endian.
    /// - Throws: `Secp256k1Error.wrongPublicKeyLength`, `.publicKeyNotOnCurve`.
    public init(bytes: [UInt8]) throws(Secp256k1Error) {
        guard bytes.count == 64 else { throw .wrongPublicKeyLength(got: bytes.count) }
        var point = secp256k1_pubkey()
        guard secp256k1_ec_pubkey_parse(Secp256k1.context, &point, [0x04] + bytes, 65) == 1 else {
            throw .publicKeyNotOnCurve
        }
        self.bytes = bytes
    }

    /// From libsecp256k1's own form, which is always a valid point.
    init(_ point: secp256k1_pubkey) {
        var point = point
        var output = [UInt8](repeating: 0, count: 65)
        var count = output.count
        secp256k1_ec_pubkey_serialize(
            Secp256k1.context, &output, &count, &point, UInt32(SECP256K1_EC_UNCOMPRESSED))
        bytes = Array(output.dropFirst())
    }

    /// The last 20 bytes of Keccak-256 of the 64 bytes.
    public var address: Address { Address(lastBytesOf: Keccak256.hash(bytes)) }
}
