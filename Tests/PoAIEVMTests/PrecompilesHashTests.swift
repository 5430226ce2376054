import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite("Precompiles: hashes, identity, ecrecover")
struct PrecompilesHashTests {
    /// The answers its authors published.
    @Test(
        "RIPEMD-160",
        arguments: [
            ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
            ("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
            ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
            ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
            ("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"
            ),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "b0e20b6e3116640286ed3a87a5713079b21f5189"
            ),
            (String(repeating: "1234567890", count: 8), "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
            (String(repeating: "a", count: 1_000_000), "52783243c1697bdbe16d37f97f68f08325dc1528"),
        ])
    func ripemd160(message: String, digest: String) throws {
        #expect(
            Precompile.output(3, Array(message.utf8)) == [UInt8](repeating: 0, count: 12) + (try Hex.decode(digest)))
    }

    @Test("SHA-256 of abc")
    func sha256() throws {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Precompile.output(2, Array("abc".utf8)) == (try Hex.decode(digest)))
    }

    /// RFC 7693, appendix A, as an EIP-152 input.
    @Test("BLAKE2 F of abc; other lengths and final flags fail")
    func blake2() throws {
        let state =
            "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
            + "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b"
        let input =
            try Hex.decode("0000000c" + state + "616263") + [UInt8](repeating: 0, count: 125) + [3]
            + [UInt8](repeating: 0, count: 15) + [1]
        let digest =
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
        #expect(Precompile.run(9, input) == .success(gasUsed: 12, output: try Hex.decode(digest)))
        #expect(Precompile.run(9, input.dropLast() + [2]) == .failure)
        #expect(Precompile.run(9, Array(input.dropLast())) == .failure)
        #expect(Precompile.run(9, input + [0]) == .failure)
        #expect(Precompile.run(9, [0xFF, 0xFF, 0xFF, 0xFF] + input[4...], gasLimit: 0xFFFF_FFFE) == .failure)
    }

    @Test("Identity gives its input, by the word", arguments: [0, 1, 31, 32, 33, 64, 1000])
    func identity(count: Int) {
        var random = DeterministicRandom(seed: UInt64(count))
        let input = random.bytes(count)
        let gas = Int64(15 + 3 * ((count + 31) / 32))
        #expect(Precompile.run(4, input) == .success(gasUsed: gas, output: input))
        #expect(Precompile.run(4, input, gasLimit: gas - 1) == .failure)
        #expect(Precompile.run(4, input, gasLimit: -1) == .failure)
    }

    /// s and the order - s, with the other v, are signatures by the same key.
    @Test("Ecrecover takes low and high s; what is no signature gives no output")
    func ecrecover() throws {
        var random = DeterministicRandom(seed: 3)
        for _ in 0..<20 {
            let key = try PrivateKey(bytes: random.bytes(32))
            let digest = random.hash()
            let signature = key.sign(digest)
            let v = UInt64(signature.recoveryID)
            let signer = [UInt8](repeating: 0, count: 12) + key.address.bytes
            let highS = Secp256k1.order &- signature.s
            let good = recoveryInput(digest, 27 + v, signature.r, signature.s)
            #expect(Precompile.run(1, good) == .success(gasUsed: 3000, output: signer))
            #expect(Precompile.run(1, good + [1, 2, 3]) == .success(gasUsed: 3000, output: signer))
            #expect(Precompile.run(1, good, gasLimit: 2999) == .failure)
            #expect(Precompile.output(1, recoveryInput(digest, 28 - v, signature.r, highS)) == signer)
            #expect(Precompile.output(1, recoveryInput(digest, 28 - v, signature.r, signature.s)) != signer)
            #expect(Precompile.output(1, recoveryInput(random.hash(), 27 + v, signature.r, signature.s)) != signer)
            for wrong in [
                recoveryInput(digest, v, signature.r, signature.s),
                recoveryInput(digest, 29 + v, signature.r, signature.s),
                recoveryInput(digest, 27 + v, .zero, signature.s),
                recoveryInput(digest, 27 + v, signature.r, .zero),
                recoveryInput(digest, 27 + v, Secp256k1.order, signature.s),
                recoveryInput(digest, 27 + v, signature.r, Secp256k1.order),
                recoveryInput(digest, 27 + v, signature.r, .max),
            ] {
                #expect(Precompile.run(1, wrong) == .success(gasUsed: 3000, output: []))
            }
        }
        #expect(Precompile.run(1, []) == .success(gasUsed: 3000, output: []))
    }

    private func recoveryInput(_ digest: Hash32, _ v: UInt64, _ r: UInt256, _ s: UInt256) -> [UInt8] {
        digest.bytes + UInt256.word(v) + r.bigEndianBytes + s.bigEndianBytes
    }
}
