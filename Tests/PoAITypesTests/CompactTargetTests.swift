import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Compact targets")
struct CompactTargetTests {
    /// The cases of Bitcoin Core's `src/test/arith_uint256_tests.cpp`, "bignum_SetCompact": input, magnitude in hex,
    /// GetCompact with the sign that was read, negative.
    static let bitcoin: [(bits: UInt32, magnitude: String, compact: UInt32, negative: Bool)] = [
        (0x0000_0000, "0", 0, false), (0x0012_3456, "0", 0, false), (0x0100_3456, "0", 0, false),
        (0x0200_0056, "0", 0, false), (0x0300_0000, "0", 0, false), (0x0400_0000, "0", 0, false),
        (0x0092_3456, "0", 0, false), (0x0180_3456, "0", 0, false), (0x0280_0056, "0", 0, false),
        (0x0380_0000, "0", 0, false), (0x0480_0000, "0", 0, false),
        (0x0112_3456, "12", 0x0112_0000, false),
        (0x01fe_dcba, "7e", 0x01fe_0000, true),
        (0x0212_3456, "1234", 0x0212_3400, false),
        (0x0312_3456, "123456", 0x0312_3456, false),
        (0x0412_3456, "12345600", 0x0412_3456, false),
        (0x0492_3456, "12345600", 0x0492_3456, true),
        (0x0500_9234, "92340000", 0x0500_9234, false),
        (0x2012_3456, "1234560000000000000000000000000000000000000000000000000000000000", 0x2012_3456, false),
    ]

    @Test("Bitcoin's own cases", arguments: bitcoin)
    func bitcoinCases(bits: UInt32, magnitude: String, compact: UInt32, negative: Bool) throws {
        let value = try number(magnitude)
        let decoded = CompactTarget.decode(bits)
        #expect(decoded.magnitude == value)
        #expect(decoded.isNegative == negative)
        #expect(!decoded.overflows)
        #expect(CompactTarget.encode(value) | (negative ? 0x80_0000 : 0) == compact)
        let expected = negative || value.isZero ? nil : value
        #expect(CompactTarget.target(bits) == expected)
    }

    @Test("Bitcoin's overflow case and the borders of the rule")
    func overflow() {
        #expect(CompactTarget.decode(0xff12_3456).overflows)
        #expect(!CompactTarget.decode(0xff12_3456).isNegative)
        let fits: [UInt32] = [0x2200_00ff, 0x2100_ffff, 0x207f_ffff, 0xff00_0000, 0xff80_0000]
        let overflows: [UInt32] = [0x2300_0001, 0x2200_0100, 0x2101_0000, 0x2180_0000 | 0x7f_ffff, 0xff00_0001]
        for bits in fits { #expect(!CompactTarget.decode(bits).overflows, "\(bits)") }
        for bits in overflows {
            #expect(CompactTarget.decode(bits).overflows, "\(bits)")
            #expect(CompactTarget.target(bits) == nil)
        }
        #expect(CompactTarget.target(0xff00_0000) == nil)
    }

    @Test("A mantissa with the sign bit moves up one byte")
    func signBit() throws {
        #expect(CompactTarget.encode(UInt256(0x80)) == 0x0200_8000)
        #expect(CompactTarget.encode(UInt256(0x7f)) == 0x017f_0000)
        #expect(CompactTarget.encode(UInt256(0x8000)) == 0x0300_8000)
        #expect(CompactTarget.encode(UInt256(0x80_0000)) == 0x0400_8000)
        #expect(CompactTarget.encode(UInt256(0x7f_ffff)) == 0x037f_ffff)
        #expect(CompactTarget.encode(.zero) == 0)
        #expect(CompactTarget.encode(.max) == 0x2100_ffff)
    }

    @Test("Encoding rounds down, loses less than 2^-15 of the value, and is stable")
    func rounding() throws {
        var random = DeterministicRandom(seed: 3)
        for _ in 0..<20_000 {
            let limbs = (random.next(), random.next(), random.next(), random.next())
            let value = UInt256(limbs: limbs) >> Int.random(in: 0..<256, using: &random)
            let bits = CompactTarget.encode(value)
            try #require(bits & 0x80_0000 == 0)
            guard !value.isZero else { continue }
            let back = try #require(CompactTarget.target(bits))
            try #require(back <= value)
            try #require((value &- back) <= value >> 15)
            try #require(CompactTarget.encode(back) == bits)
        }
    }

    private func number(_ hex: String) throws -> UInt256 {
        let even = hex.utf8.count % 2 == 0 ? hex : "0" + hex
        return try #require(UInt256(bigEndianBytes: try Hex.decode(even)))
    }
}
