import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct HexTests {
    @Test func roundTrip() throws {
        let all = (0...255).map { UInt8($0) }
        let text = Hex.encode(all)
        #expect(text.count == 512)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(try Hex.decode(text) == all)
        #expect(try Hex.decode("0x" + text.uppercased()) == all)
        #expect(try Hex.decode("0X00") == [0])
        #expect(try Hex.decode("") == [])
        #expect(try Hex.decode("0x") == [])
    }

    @Test func refusals() {
        #expect(throws: HexError.oddLength(digits: 3)) { try Hex.decode("0x123") }
        #expect(throws: HexError.invalidDigit(offset: 1)) { try Hex.decode("0x1g") }
        #expect(throws: HexError.invalidDigit(offset: 0)) { try Hex.decode(" 1") }
        #expect(throws: HexError.invalidDigit(offset: 1)) { try Hex.decode("0x0x00") }
        #expect(throws: HexError.invalidDigit(offset: 0)) { try Hex.decode("é") }
        for byte in UInt8.min...UInt8.max {
            let isDigit = "0123456789abcdefABCDEF".utf8.contains(byte)
            let text = String(decoding: [0x31, byte], as: UTF8.self)
            #expect(((try? Hex.decode(text)) != nil) == isDigit, "byte \(byte)")
        }
    }

    @Test func hash32() throws {
        var random = DeterministicRandom(seed: 32)
        let bytes = random.bytes(32)
        let hash = try #require(Hash32(bytes))
        #expect(hash.bytes == bytes)
        #expect(hash.withUnsafeBytes { Array($0) } == bytes)
        #expect(hash.hex == "0x" + Hex.encode(bytes) && "\(hash)" == hash.hex)
        #expect(try Hash32(hex: hash.hex) == hash)
        #expect(Hash32(bytes.dropLast()) == nil)
        #expect(Hash32(bytes + [0]) == nil)
        #expect(Hash32(bytes.lazy.map { $0 }) == hash)
        #expect(Hash32.zero.bytes == [UInt8](repeating: 0, count: 32))
        #expect(throws: HexError.wrongLength(expected: 32, got: 31)) { try Hash32(hex: Hex.encode(bytes.dropLast())) }
    }

    @Test func hash32OrderIsThatOfItsBytes() {
        var random = DeterministicRandom(seed: 33)
        for _ in 0..<2000 {
            let left = random.bytes(32)
            // The same up to a random byte, so that every byte decides some comparison.
            let common = random.below(33)
            let right = left.prefix(common) + random.bytes(32 - common)
            guard let first = Hash32(left), let second = Hash32(right) else { continue }
            #expect((first < second) == left.lexicographicallyPrecedes(right))
            #expect((first == second) == (left == Array(right)))
        }
    }
}
