import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct AddressTests {
    /// The test cases of EIP-55.
    static let spec = [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]

    @Test(arguments: spec) func checksum(text: String) throws {
        let address = try Address(parsing: text)
        #expect(address.checksummed == text && "\(address)" == text)
        #expect(address.hex == text.dropFirst(2).lowercased())
        #expect(try Address(parsing: String(text.dropFirst(2))) == address)
        #expect(try Address(parsing: address.hex) == address)
        #expect(try Address(parsing: address.hex.uppercased()) == address)
    }

    /// Any single letter in the wrong case is found, unless that leaves only one case.
    @Test(arguments: spec) func wrongCase(text: String) throws {
        var refused = 0
        for index in 2..<42 {
            var digits = Array(text.utf8)
            guard digits[index] >= 0x41 else { continue }
            digits[index] ^= 0x20
            let letters = digits[2...].filter { $0 >= 0x41 }
            guard Set(letters.map { $0 & 0x20 }).count == 2 else { continue }
            refused += 1
            #expect(throws: AddressError.wrongChecksum(expected: text)) {
                try Address(parsing: String(decoding: digits, as: UTF8.self))
            }
        }
        #expect(refused > 0)
    }

    @Test func wrongTexts() {
        #expect(throws: AddressError.wrongLength(digits: 0)) { try Address(parsing: "") }
        #expect(throws: AddressError.wrongLength(digits: 39)) {
            try Address(parsing: "0x" + String(repeating: "1", count: 39))
        }
        #expect(throws: AddressError.wrongLength(digits: 41)) {
            try Address(parsing: String(repeating: "1", count: 41))
        }
        #expect(throws: AddressError.invalidDigit(offset: 39)) {
            try Address(parsing: "0x" + String(repeating: "1", count: 39) + "z")
        }
    }

    @Test func bytesAndOrder() throws {
        var random = DeterministicRandom(seed: 20)
        for _ in 0..<2000 {
            let left = random.bytes(20)
            let common = random.below(21)
            let right = Array(left.prefix(common)) + random.bytes(20 - common)
            let first = try #require(Address(left))
            let second = try #require(Address(right))
            #expect(first.bytes == left && first.withUnsafeBytes { Array($0) } == left)
            #expect((first < second) == left.lexicographicallyPrecedes(right))
            #expect((first == second) == (left == right))
        }
        #expect(Address([1]) == nil && Address(random.bytes(21)) == nil)
        let hash = random.hash()
        #expect(Address(lastBytesOf: hash).bytes == Array(hash.bytes[12...]))
        #expect(Address.zero.hex == String(repeating: "0", count: 40))
    }
}
