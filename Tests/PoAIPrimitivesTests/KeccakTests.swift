import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct KeccakTests {
    @Test func knownDigests() {
        #expect(
            Keccak256.hash([]).hex == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
        #expect(
            Keccak256.hash(Array("abc".utf8)).hex
                == "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")
        #expect(
            Keccak256.hash(Array("The quick brown fox jumps over the lazy dog".utf8)).hex
                == "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")
        #expect(Keccak256.empty == Keccak256.hash([]))
    }

    /// Tests/Vectors/keccak256.txt: lengths around multiples of the rate of 136 bytes, up to 100,000.
    @Test func digestsOfManyLengths() throws {
        let lines = try PackageRoot.vectorLines("keccak256.txt")
        #expect(lines.count == 63)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            try #require(fields.count == 2)
            let length = try #require(Int(fields[0]))
            let expected = try Hash32(hex: fields[1])
            var message = Self.message(length)
            #expect(Keccak256.hash(message) == expected, "length \(length)")
            #expect(Keccak256.hash(([0xFF] + message)[1...]) == expected, "unaligned, length \(length)")
            if length > 0 {
                message[length / 2] ^= 1
                #expect(Keccak256.hash(message) != expected, "one bit flipped, length \(length)")
            }
        }
    }

    /// Any way of cutting the message gives the digest of the whole, and finalize leaves a fresh hasher.
    @Test func piecesGiveTheSameDigest() {
        var random = DeterministicRandom(seed: 136)
        var hasher = Keccak256Hasher()
        for _ in 0..<300 {
            let message = random.bytes(random.below(1000))
            var rest = message[...]
            while !rest.isEmpty {
                let piece = rest.prefix(random.below(300))
                if random.below(2) == 0 { hasher.update(Array(piece)) } else { hasher.update(piece) }
                rest = rest.dropFirst(piece.count)
            }
            #expect(hasher.finalize() == Keccak256.hash(message))
        }
        let hash = random.hash()
        hasher.update(hash)
        let fork = hasher
        hasher.update([1])
        var other = fork
        #expect(other.finalize() == Keccak256.hash(hash.bytes))
        #expect(Keccak256.hash(hash) == Keccak256.hash(hash.bytes))
        #expect(hasher.finalize() == Keccak256.hash(hash.bytes + [1]))
    }

    private static func message(_ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(($0 * $0 + 7 * $0 + length) % 251) }
    }
}
