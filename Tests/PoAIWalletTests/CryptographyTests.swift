import PoAIPrimitives
import PoAIWallet
import Testing

@Suite struct CryptographyTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try Hex.decode(hex.filter { $0 != " " }) }

    /// FIPS 197, appendices B and C.1.
    @Test(arguments: [
        ("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734", "3925841d02dc09fbdc118597196a0b32"),
        ("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"),
    ]) func aesBlock(key: String, plain: String, cipher: String) throws {
        let aes = try #require(AES128(key: bytes(key)))
        #expect(try aes.encrypt(bytes(plain)) == bytes(cipher))
    }

    /// NIST SP 800-38A, F.5.1.
    @Test func aesCounterMode() throws {
        let aes = try #require(AES128(key: bytes("2b7e151628aed2a6abf7158809cf4f3c")))
        let counter = try bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
        let plain = try bytes(
            "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710")
        let cipher = try bytes(
            "874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff"
                + "5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee")
        #expect(aes.counterMode(plain, counter: counter) == cipher)
        #expect(aes.counterMode(cipher, counter: counter) == plain)
        #expect(aes.counterMode(Array(plain.prefix(17)), counter: counter) == Array(cipher.prefix(17)))
        #expect(aes.counterMode([], counter: counter) == [])
    }

    @Test func aesCounterWrapsAround() throws {
        let aes = try #require(AES128(key: [UInt8](repeating: 7, count: 16)))
        let last = [UInt8](repeating: 255, count: 16)
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(
            aes.counterMode(zeros, counter: last) == aes.encrypt(last) + aes.encrypt([UInt8](repeating: 0, count: 16)))
    }

    @Test func aesSizesAreChecked() throws {
        #expect(AES128(key: [UInt8](repeating: 0, count: 15)) == nil)
        #expect(AES128(key: [UInt8](repeating: 0, count: 32)) == nil)
        let aes = try #require(AES128(key: [UInt8](repeating: 0, count: 16)))
        #expect(aes.counterMode([1], counter: [UInt8](repeating: 0, count: 15)) == nil)
    }

    /// RFC 7914, section 11.
    @Test(arguments: [
        (
            "passwd", "salt", 1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        ),
        (
            "Password", "NaCl", 80_000,
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
        ),
    ]) func pbkdf2(password: String, salt: String, iterations: Int, key: String) throws {
        let expected = try bytes(key)
        let got = PBKDF2.key(
            password: Array(password.utf8), salt: Array(salt.utf8), iterations: iterations, count: expected.count)
        #expect(got == expected)
    }

    /// RFC 7914, section 12; the last vector there takes a gigabyte.
    @Test(arguments: [
        (
            "", "", 16, 1, 1,
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", 1024, 8, 16,
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", 16_384, 8, 1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ]) func scrypt(password: String, salt: String, n: Int, r: Int, p: Int, key: String) throws {
        let got = Scrypt.key(
            password: Array(password.utf8), salt: Array(salt.utf8), n: n, r: r, p: p, count: 64)
        #expect(try got == bytes(key))
    }

    /// Blocks of more than 2 KiB, which some libraries refuse for a single lane; the key is that of Python's hashlib.
    @Test func scryptTakesWideBlocks() throws {
        let got = Scrypt.key(password: Array("poai".utf8), salt: Array("wide".utf8), n: 64, r: 37, p: 1, count: 40)
        #expect(
            try got == bytes("8d208cb56de278943c4dc450f1be7520786097a333ee67689fb7e71a58445fc882d8395376d45c19"))
    }
}
