import CSecp256k1

/// An ECDSA signature from which the signer's public key can be computed.
public struct RecoverableSignature: Hashable, Sendable {
    /// x of the nonce point modulo the group order.
    public var r: UInt256
    /// The proof part.
    public var s: UInt256
    /// Which of up to four points has this r: bit 0 is the parity of y, bit 1 says that x is r + n. 0...3.
    public var recoveryID: UInt8

    /// Takes any numbers; `recover` checks them.
    public init(r: UInt256, s: UInt256, recoveryID: UInt8) {
        self.r = r
        self.s = s
        self.recoveryID = recoveryID
    }

    init(_ signature: secp256k1_ecdsa_recoverable_signature) {
        var signature = signature
        var output = [UInt8](repeating: 0, count: 64)
        var identifier: Int32 = 0
        secp256k1_ecdsa_recoverable_signature_serialize_compact(
            Secp256k1.context, &output, &identifier, &signature)
        r = UInt256(bigEndianBytes: output[..<32]) ?? .zero
        s = UInt256(bigEndianBytes: output[32...]) ?? .zero
        recoveryID = UInt8(truncatingIfNeeded: identifier)
    }

    /// The key that signed `digest`, by the rules of transactions (EIP-2): s must be in the lower half.
    /// - Throws: `Secp256k1Error.highS` and what `recover(digest:allowingHighS:)` throws.
    public func recover(digest: Hash32) throws(Secp256k1Error) -> PublicKey {
        try recover(digest: digest, allowingHighS: false)
    }

    /// The key that signed `digest`; with `allowingHighS` as the ecrecover precompile does it, for any s.
    /// - Throws: `Secp256k1Error.recoveryIDOutOfRange`, `.signatureOutOfRange`, `.highS`, `.unrecoverable`.
    public func recover(digest: Hash32, allowingHighS: Bool) throws(Secp256k1Error) -> PublicKey {
        guard recoveryID <= 3 else { throw .recoveryIDOutOfRange(got: recoveryID) }
        guard !r.isZero, !s.isZero, r < Secp256k1.order, s < Secp256k1.order else { throw .signatureOutOfRange }
        guard allowingHighS || s <= Secp256k1.halfOrder else { throw .highS }
        var signature = secp256k1_ecdsa_recoverable_signature()
        guard
            secp256k1_ecdsa_recoverable_signature_parse_compact(
                Secp256k1.context, &signature, r.bigEndianBytes + s.bigEndianBytes, Int32(recoveryID)) == 1
        else { throw .signatureOutOfRange }
        var point = secp256k1_pubkey()
        guard secp256k1_ecdsa_recover(Secp256k1.context, &point, &signature, digest.bytes) == 1 else {
            throw .unrecoverable
        }
        return PublicKey(point)
    }
}
