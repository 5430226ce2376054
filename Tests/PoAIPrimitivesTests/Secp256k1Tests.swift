import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct Secp256k1Tests {
    @Test(arguments: [
        // The generator point itself, and the keys of EIP-155's example and of the web3 documentation.
        (String(repeating: "0", count: 63) + "1", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"),
        (String(repeating: "46", count: 32), "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F"),
        (
            "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318",
            "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"
        ),
    ])
    func knownAddresses(key: String, address: String) throws {
        let privateKey = try PrivateKey(bytes: Hex.decode(key))
        #expect(privateKey.address.checksummed == address)
        #expect(Hex.encode(privateKey.bytes) == key)
        #expect(try PublicKey(bytes: privateKey.publicKey.bytes) == privateKey.publicKey)
    }

    /// The signature in EIP-155, whose v of 37 means recovery id 0.
    @Test func knownSignature() throws {
        let key = try PrivateKey(bytes: [UInt8](repeating: 0x46, count: 32))
        let digest = try Hash32(hex: "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
        let signature = key.sign(digest)
        #expect(signature.r.hex == "0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276")
        #expect(signature.s.hex == "0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
        #expect(signature.recoveryID == 0)
        #expect(try signature.recover(digest: digest) == key.publicKey)
    }

    @Test func signAndRecover() throws {
        var random = DeterministicRandom(seed: 0x5EC)
        for _ in 0..<50 {
            let key = try PrivateKey(bytes: random.bytes(32))
            let digest = random.hash()
            let signature = key.sign(digest)
            #expect(signature == key.sign(digest), "RFC 6979 is deterministic")
            #expect(signature.s <= Secp256k1.halfOrder)
            #expect(try signature.recover(digest: digest) == key.publicKey)

            var bytes = digest.bytes
            bytes[random.below(32)] ^= 1 << UInt8(random.below(8))
            let other = try #require(Hash32(bytes))
            #expect((try? signature.recover(digest: other)) != key.publicKey)
            var flipped = signature
            flipped.r = flipped.r ^ (UInt256.one << random.below(256))
            #expect((try? flipped.recover(digest: digest)) != key.publicKey)

            // The same signature with s' = n - s and the other parity: recovers, but only where a high s is allowed.
            let high = RecoverableSignature(
                r: signature.r, s: Secp256k1.order &- signature.s, recoveryID: signature.recoveryID ^ 1)
            #expect(throws: Secp256k1Error.highS) { try high.recover(digest: digest) }
            #expect(try high.recover(digest: digest, allowingHighS: true) == key.publicKey)
        }
    }

    @Test func signatureLimits() throws {
        let digest = Keccak256.hash([1])
        let good = try PrivateKey(bytes: [UInt8](repeating: 7, count: 32)).sign(digest)
        func recover(_ change: (inout RecoverableSignature) -> Void) throws(Secp256k1Error) -> PublicKey {
            var signature = good
            change(&signature)
            return try signature.recover(digest: digest, allowingHighS: true)
        }
        #expect(throws: Never.self) { try recover { _ in } }
        #expect(throws: Secp256k1Error.signatureOutOfRange) { try recover { $0.r = 0 } }
        #expect(throws: Secp256k1Error.signatureOutOfRange) { try recover { $0.s = 0 } }
        #expect(throws: Secp256k1Error.signatureOutOfRange) { try recover { $0.r = Secp256k1.order } }
        #expect(throws: Secp256k1Error.signatureOutOfRange) { try recover { $0.s = Secp256k1.order } }
        #expect(throws: Secp256k1Error.signatureOutOfRange) { try recover { $0.s = .max } }
        #expect(throws: Secp256k1Error.recoveryIDOutOfRange(got: 4)) { try recover { $0.recoveryID = 4 } }
        // r + n is beyond the field for almost every r.
        #expect(throws: Secp256k1Error.unrecoverable) { try recover { $0.recoveryID |= 2 } }
    }

    @Test func keyLimits() throws {
        #expect(throws: Secp256k1Error.wrongPrivateKeyLength(got: 31)) {
            try PrivateKey(bytes: [UInt8](repeating: 1, count: 31))
        }
        #expect(throws: Secp256k1Error.privateKeyOutOfRange) { try PrivateKey(bytes: Hash32.zero.bytes) }
        #expect(throws: Secp256k1Error.privateKeyOutOfRange) { try PrivateKey(bytes: Secp256k1.order.bigEndianBytes) }
        #expect(throws: Secp256k1Error.privateKeyOutOfRange) { try PrivateKey(bytes: UInt256.max.bigEndianBytes) }
        #expect(throws: Never.self) { try PrivateKey(bytes: (Secp256k1.order &- 1).bigEndianBytes) }
        #expect(throws: Secp256k1Error.wrongPublicKeyLength(got: 65)) {
            try PublicKey(bytes: [UInt8](repeating: 4, count: 65))
        }
        #expect(throws: Secp256k1Error.publicKeyNotOnCurve) { try PublicKey(bytes: [UInt8](repeating: 4, count: 64)) }
    }

    @Test func generatedKeysDifferAndStayHidden() {
        let key = PrivateKey.generate()
        #expect(key.bytes != PrivateKey.generate().bytes)
        var dumped = ""
        dump([key], to: &dumped)
        for text in ["\(key)", String(describing: [key]), String(reflecting: key), dumped] {
            #expect(text.contains("redacted"))
            #expect(
                !text.contains(Hex.encode(key.bytes.prefix(4))) && !text.contains("\(key.bytes[0]), \(key.bytes[1])"))
        }
    }

    /// The precompile vectors of go-ethereum: digest, v, r, s in; address out, or nothing.
    @Test(.enabled(if: PublicVectors.hasEthereum, "no public vectors"))
    func ecrecoverVectors() throws {
        let path = "geth-testdata/core/vm/testdata/precompiles/ecRecover.json"
        let cases = try #require(try PublicVectors.json(path) as? [[String: Any]])
        #expect(cases.count == 5)
        for vector in cases {
            let input = try Hex.decode(try #require(vector["Input"] as? String))
            let expected = try #require(vector["Expected"] as? String)
            let digest = try #require(Hash32(input.prefix(32)))
            let v = try #require(UInt256(bigEndianBytes: input[32..<64]))
            let r = try #require(UInt256(bigEndianBytes: input[64..<96]))
            let s = try #require(UInt256(bigEndianBytes: input[96..<128]))
            var recovered = ""
            if v == 27 || v == 28 {
                let signature = RecoverableSignature(r: r, s: s, recoveryID: v == 27 ? 0 : 1)
                let key = try? signature.recover(digest: digest, allowingHighS: true)
                recovered = key.map { String(repeating: "0", count: 24) + $0.address.hex } ?? ""
            }
            #expect(recovered == expected, "\(vector["Name"] ?? "")")
        }
    }
}
