import LibP2P
import enum PoAIPrimitives.Hex
import PoAITestSupport
import Testing

/// Varints, bases and multihashes.
@Suite struct EncodingTests {
    @Test(
        arguments: [
            (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x80, 0x01]), (255, [0xFF, 0x01]), (300, [0xAC, 0x02]),
            (16384, [0x80, 0x80, 0x01]), (UVarint.maximum, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
        ] as [(UInt64, [UInt8])])
    func varint(_ value: UInt64, _ bytes: [UInt8]) throws {
        #expect(UVarint.encode(value) == bytes)
        let parsed = try #require(try UVarint.parse((bytes + [0xAA])[...]))
        #expect(parsed.value == value && parsed.length == bytes.count)
        for length in 0..<bytes.count { #expect(try UVarint.parse(bytes.prefix(length)) == nil) }
    }

    @Test func badVarints() {
        #expect(throws: UVarintError.notMinimal) { try UVarint.parse([0x80, 0x00]) }
        #expect(throws: UVarintError.notMinimal) { try UVarint.parse([0xFF, 0x80, 0x00, 0x01]) }
        #expect(throws: UVarintError.tooLong) { try UVarint.parse(Array(repeating: 0x80, count: 9)[...]) }
        #expect(throws: UVarintError.tooLong) { try UVarint.parse((Array(repeating: 0xFF, count: 9) + [1])[...]) }
    }

    @Test(arguments: [
        ("", ""), ("00", "1"), ("61", "2g"), ("626262", "a3gV"),
        ("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"),
        ("516b6fcd0f", "ABnLTmg"), ("00000000000000000000", "1111111111"),
    ])
    func base58(_ hex: String, _ text: String) throws {
        let bytes = try Hex.decode("0x" + hex)
        #expect(Base58.encode(bytes) == text)
        #expect(try Base58.decode(text) == bytes)
    }

    @Test func badBase58() {
        for character in "0OIl+ é" {
            #expect(throws: BaseError.unexpectedCharacter(at: 2)) { try Base58.decode("1a\(character)b") }
        }
        #expect(throws: BaseError.tooLong) { try Base58.decode(String(repeating: "1", count: 129)) }
        #expect(throws: Never.self) { try Base58.decode(String(repeating: "z", count: 128)) }
    }

    @Test(arguments: [
        ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"), ("fooba", "mzxw6ytb"),
        ("foobar", "mzxw6ytboi"),
    ])
    func base32(_ plain: String, _ text: String) throws {
        #expect(Base32.encode(Array(plain.utf8)) == text)
        #expect(try Base32.decode(text) == Array(plain.utf8))
    }

    @Test func badBase32() {
        #expect(throws: BaseError.notCanonical) { try Base32.decode("mz") }  // one bit more than "my"
        #expect(throws: BaseError.notCanonical) { try Base32.decode("m") }
        #expect(throws: BaseError.notCanonical) { try Base32.decode("mzxw6y") }
        #expect(throws: BaseError.unexpectedCharacter(at: 1)) { try Base32.decode("mY") }
        #expect(throws: BaseError.unexpectedCharacter(at: 2)) { try Base32.decode("my======") }
        #expect(throws: BaseError.unexpectedCharacter(at: 0)) { try Base32.decode("1y") }
        #expect(throws: BaseError.tooLong) { try Base32.decode(String(repeating: "a", count: 257)) }
    }

    @Test func randomBytesInBothBases() throws {
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<500 {
            let bytes = Array(repeating: 0, count: random.below(3)) + random.bytes(random.below(64))
            #expect(try Base58.decode(Base58.encode(bytes)) == bytes)
            #expect(try Base32.decode(Base32.encode(bytes)) == bytes)
        }
    }

    @Test func multihash() throws {
        let hash = Multihash(sha256Of: Array("multihash".utf8))
        #expect(Hex.encode(hash.bytes) == ("12209cbc07c3f991725836a3aa2a581ca2029198aa420b9d99bc0e131d9f3e2cbe47"))
        #expect(try Multihash(bytes: hash.bytes) == hash)
        #expect(Multihash(identity: [1, 2]).bytes == [0, 2, 1, 2])
        #expect(try Multihash(bytes: [0, 2, 1, 2]) == Multihash(identity: [1, 2]))
        #expect(throws: MultihashError.wrongLength) { try Multihash(bytes: hash.bytes + [0]) }
        #expect(throws: MultihashError.wrongLength) { try Multihash(bytes: hash.bytes.dropLast()) }
        #expect(throws: MultihashError.wrongLength) { try Multihash(bytes: [0x12, 1, 7]) }
        #expect(throws: MultihashError.wrongLength) {
            try Multihash(bytes: [0, 0x81, 1] + Array(repeating: 7, count: 129))
        }
        #expect(throws: MultihashError.unsupportedFunction(0x13)) { try Multihash(bytes: [0x13, 1, 7]) }
        #expect(throws: MultihashError.badVarint(.truncated)) { try Multihash(bytes: [0x12]) }
        #expect(throws: MultihashError.badVarint(.notMinimal)) { try Multihash(bytes: [0x92, 0, 0]) }
    }
}
