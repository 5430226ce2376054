import LibP2P
import enum PoAIPrimitives.Hex
import PoAITestSupport
import Testing

/// Public keys of all kinds and the node's own key.
@Suite struct KeyTests {
    private static let message = Array("what is signed".utf8)

    @Test func specVectors() throws {
        let key = try NodeKey(encoded: try Hex.decode(TestKeys.ed25519Private))
        #expect(key.encoded == (try Hex.decode(TestKeys.ed25519Private)))
        #expect(key.publicKey.encoded == (try Hex.decode(TestKeys.ed25519Public)))
        #expect(try PublicKey(encoded: try Hex.decode(TestKeys.ed25519Public)) == key.publicKey)
        let secp = try PublicKey(encoded: try Hex.decode(TestKeys.secp256k1Public))
        #expect(secp.kind == .secp256k1 && secp.data.count == 33)
        #expect(secp.encoded == (try Hex.decode(TestKeys.secp256k1Public)))
    }

    /// A signature is taken, and not when any bit of it, of the message or of the key is another.
    private func checkSignatures(_ key: PublicKey, _ signature: [UInt8], everyBit: Bool = true) throws {
        #expect(key.isValidSignature(signature, for: Self.message))
        #expect(!key.isValidSignature(signature, for: Self.message + [0]))
        #expect(!key.isValidSignature(signature + [0], for: Self.message))
        #expect(!key.isValidSignature(signature.dropLast(), for: Self.message))
        #expect(!key.isValidSignature([], for: Self.message))
        for bit in stride(from: 0, to: signature.count * 8, by: everyBit ? 1 : 37) {
            #expect(!key.isValidSignature(signature.flipping(bit), for: Self.message), "bit \(bit)")
        }
        for bit in stride(from: 0, to: key.data.count * 8, by: everyBit ? 1 : 37) {
            let other = try? PublicKey(key.kind, data: key.data.flipping(bit))
            #expect(other?.isValidSignature(signature, for: Self.message) != true, "bit \(bit) of the key")
        }
    }

    @Test func ed25519Signatures() throws {
        let key = try NodeKey(encoded: try Hex.decode(TestKeys.ed25519Private))
        try checkSignatures(key.publicKey, key.signature(for: Self.message))
        #expect(NodeKey().publicKey != NodeKey().publicKey)
    }

    @Test func secp256k1Signatures() throws {
        let key = try PublicKey(encoded: try Hex.decode(TestKeys.secp256k1Public))
        try checkSignatures(key, try TestKeys.secp256k1Sign(Self.message))
        let highS = try TestKeys.secp256k1Sign(Self.message, highS: true)
        #expect(highS != (try TestKeys.secp256k1Sign(Self.message)))
        #expect(key.isValidSignature(highS, for: Self.message))
    }

    @Test func rsaSignatures() throws {
        let key = try TestKeys.rsaPublic()
        try checkSignatures(key, try TestKeys.rsaSign(Self.message), everyBit: false)
        #expect(try PublicKey(encoded: key.encoded) == key)
    }

    @Test func badPublicKeys() throws {
        let good = try Hex.decode(TestKeys.ed25519Public)
        let data = Array(good.suffix(32))
        let rsa = try TestKeys.rsaPublic().data
        let bad: [([UInt8], KeyError)] = [
            ([], .malformed), (Array(good.dropLast()), .malformed), ([8, 1], .malformed), ([0x12, 0], .malformed),
            ([8, 4, 0x12, 0], .malformed),  // an unknown type
            ([8, 3, 0x12, 0], .unsupportedType),  // ECDSA
            ([8, 1, 0x12, 31] + data.dropLast(), .invalidKey), ([8, 1, 0x12, 33] + data + [0], .invalidKey),
            ([8, 2, 0x12, 32] + data, .invalidKey), ([8, 0, 0x12, 32] + data, .invalidKey),
            ([0x12, 32] + data + [8, 1], .malformed),  // another order
            ([8, 0x81, 0, 0x12, 32] + data, .malformed),  // a longer varint
            ([8, 1] + good, .malformed),  // a field twice
            (good + [0x18, 0], .malformed),  // an unknown field
            (Array(repeating: 8, count: 2049), .tooLong),
        ]
        for (bytes, error) in bad { #expect(throws: error, "\(bytes)") { try PublicKey(encoded: bytes) } }
        #expect(throws: KeyError.invalidKey) { try PublicKey(.rsa, data: rsa + [0]) }
        #expect(throws: KeyError.tooLong) { try PublicKey(.rsa, data: Array(repeating: 0, count: 2041)) }
        var offCurve = try Hex.decode(TestKeys.secp256k1Public).suffix(33)
        offCurve[offCurve.startIndex] = 4
        #expect(throws: KeyError.invalidKey) { try PublicKey(.secp256k1, data: Array(offCurve)) }
    }

    @Test func smallRSAKeysAreRefused() throws {
        #expect(throws: KeyError.invalidKey) { try PublicKey(.rsa, data: try TestKeys.smallRSA()) }
    }

    @Test func badPrivateKeys() throws {
        let good = try Hex.decode(TestKeys.ed25519Private)
        #expect(throws: KeyError.mismatchedHalves) { try NodeKey(encoded: good.flipping(8 * good.count - 1)) }
        #expect(throws: KeyError.mismatchedHalves) { try NodeKey(encoded: good.flipping(8 * 4)) }
        #expect(throws: KeyError.malformed) { try NodeKey(encoded: good.dropLast()) }
        #expect(throws: KeyError.malformed) { try NodeKey(encoded: good + [0x18, 0]) }
        #expect(throws: KeyError.unsupportedType) { try NodeKey(encoded: [8, 2] + good.dropFirst(2)) }
        #expect(throws: KeyError.invalidKey) { try NodeKey(encoded: [8, 1, 0x12, 32] + good.suffix(32)) }
        #expect(throws: KeyError.invalidKey) { try NodeKey(seed: Array(good.suffix(31))) }
    }

    @Test func aKeyShowsNoSecret() throws {
        let key = try NodeKey(seed: Array(repeating: 0xA5, count: 32))
        var shown = ""
        dump(key, to: &shown)
        shown += "\(key) \(String(reflecting: key))"
        #expect(shown.contains(key.peerID.description) && !shown.contains("165") && !shown.contains("Curve25519"))
    }
}
