import PoAIPrimitives
import PoAITestSupport
import Testing

/// Random and mutated input, the same at every run.
@Suite struct RLPFuzzTests {
    @Test func encodedItemsDecodeToThemselves() throws {
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<3000 {
            let item = Self.item(&random, depth: 5)
            let encoded = RLP.encode(item)
            #expect(encoded.count == RLP.encodedLength(of: item))
            #expect(try RLP.decode(encoded) == item)
            #expect(try RLP.itemLength(prefix: encoded.prefix(9)) == encoded.count)
            #expect(throws: RLPError.self) { try RLP.decode(encoded.dropLast()) }
            #expect(throws: RLPError.trailingBytes(count: 1)) { try RLP.decode(encoded + [0]) }
        }
    }

    /// Whatever is accepted is canonical: it encodes to the very same bytes. Both outcomes must occur often.
    @Test func acceptedMutationsAreCanonical() throws {
        var random = DeterministicRandom(seed: 2)
        var (accepted, refused) = (0, 0)
        for _ in 0..<3000 {
            let original = RLP.encode(Self.item(&random, depth: 4))
            for _ in 0..<20 {
                let input = Self.mutate(original, &random)
                guard let item = try? RLP.decode(input) else {
                    refused += 1
                    continue
                }
                accepted += 1
                #expect(RLP.encode(item) == input, "\(Hex.encode(input))")
            }
        }
        #expect(accepted > 1000 && refused > 10000)
    }

    @Test func shortInputsExhaustively() {
        var accepted = 0
        func check(_ input: [UInt8]) {
            guard let item = try? RLP.decode(input) else { return }
            accepted += 1
            if RLP.encode(item) != input { Issue.record("not canonical: \(Hex.encode(input))") }
        }
        for first in UInt8.min...UInt8.max {
            check([first])
            for second in UInt8.min...UInt8.max { check([first, second]) }
        }
        // One byte: 128 values, the empty string, the empty list. Two: 0x81 with 0x80...; a list of one one-byte item.
        #expect(accepted == 130 + 128 + 130)
    }

    private static func item(_ random: inout DeterministicRandom, depth: Int) -> RLPItem {
        if depth > 0, random.below(2) == 0 {
            return .list((0..<random.below(6)).map { _ in item(&random, depth: depth - 1) })
        }
        let lengths = [0, 1, 1, 2, 20, 32, 54, 55, 56, 57, 255, 256, 300]
        var bytes = random.bytes(lengths[random.below(lengths.count)])
        if bytes.count == 1, random.below(2) == 0 { bytes[0] &= 0x7F }
        return .bytes(bytes)
    }

    private static func mutate(_ bytes: [UInt8], _ random: inout DeterministicRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) {
            // Prefixes are near the start; errors there matter most.
            let position = random.below(2) == 0 ? random.below(min(bytes.count, 4) + 1) : random.below(bytes.count + 1)
            switch random.below(5) {
            case 0 where position < bytes.count: bytes[position] ^= 1 << UInt8(random.below(8))
            case 1 where position < bytes.count: bytes[position] = UInt8(truncatingIfNeeded: random.next())
            case 2 where position < bytes.count: bytes.remove(at: position)
            case 3: bytes.removeLast(bytes.count - position)
            default: bytes.insert([0x80, 0xB8, 0xC0, 0xF8, 0x00, 0xFF][random.below(6)], at: position)
            }
        }
        return bytes
    }
}
