import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct UInt256VectorTests {
    /// Tests/Vectors/uint256.txt, computed with Python's integers; the columns are named in its head.
    @Test func pythonAgrees() throws {
        let lines = try PackageRoot.vectorLines("uint256.txt")
        #expect(lines.count == 160)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            try #require(fields.count == 20)
            func number(_ index: Int) throws -> UInt256? {
                fields[index] == "-" ? nil : try UInt256(hex: fields[index])
            }
            let a = try #require(try number(0))
            let b = try #require(try number(1))
            let m = try #require(try number(2))
            let k = try #require(Int(fields[3]))
            #expect(a &+ b == (try number(4)))
            #expect(a.addingReportingOverflow(b).overflow == (try number(5) == 1))
            #expect(a &- b == (try number(6)))
            #expect(a.subtractingReportingOverflow(b).overflow == (try number(7) == 1))
            #expect(a.multipliedFullWidth(by: b).high == (try number(8)))
            #expect(a &* b == (try number(9)))
            #expect(a.divided(by: b)?.quotient == (try number(10)))
            #expect(a.divided(by: b)?.remainder == (try number(11)))
            #expect(m.dividingFullWidth((a, b))?.quotient == (try number(12)))
            #expect(m.dividingFullWidth((a, b))?.remainder == (try number(13)))
            #expect(a.adding(b, modulo: m) == (try number(14)))
            #expect(a.multiplied(by: b, modulo: m) == (try number(15)))
            #expect(a.power(b) == (try number(16)))
            #expect(a << k == (try number(17)))
            #expect(a >> k == (try number(18)))
            #expect(a.description == fields[19])
            #expect(UInt256(decimal: fields[19]) == a)
        }
    }

    @Test func textAndBytes() throws {
        let largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
        #expect(UInt256.max.description == largest)
        #expect(UInt256(decimal: largest) == .max)
        #expect(
            UInt256(decimal: "115792089237316195423570985008687907853269984665640564039457584007913129639936") == nil)
        #expect(UInt256(decimal: largest + "0") == nil)
        for wrong in ["", "-1", "+1", " 1", "1 ", "0x1", "1e3", "１"] { #expect(UInt256(decimal: wrong) == nil) }
        #expect(UInt256(decimal: "00012") == 12)
        #expect(UInt256.zero.description == "0" && UInt256.zero.hex == "0x0")
        #expect(UInt256(10_000_000_000_000_000_000).description == "10000000000000000000")
        #expect((UInt256(10_000_000_000_000_000_000) &* 10).description == "100000000000000000000")
        #expect(UInt256(0xABC).hex == "0xabc")
        #expect(UInt256.max.hex == "0x" + String(repeating: "f", count: 64))
        #expect(throws: HexError.wrongLength(expected: 32, got: 33)) {
            try UInt256(hex: "0x" + String(repeating: "0", count: 65))
        }
        #expect(throws: HexError.wrongLength(expected: 32, got: 0)) { try UInt256(hex: "0x") }
        #expect(throws: HexError.invalidDigit(offset: 0)) { try UInt256(hex: "x") }

        #expect(UInt256(bigEndianBytes: [UInt8]()) == 0)
        #expect(UInt256(bigEndianBytes: [1, 0]) == 256)
        #expect(UInt256(bigEndianBytes: [UInt8](repeating: 0, count: 33)) == nil)
        #expect(UInt256.zero.minimalBigEndianBytes == [])
        #expect(UInt256(256).minimalBigEndianBytes == [1, 0])
        #expect(UInt256.max.minimalBigEndianBytes.count == 32)
        let value = UInt256(limbs: (1, 2, 3, 0x0405 << 48))
        #expect(
            value.bigEndianBytes.prefix(2) == [4, 5] && value.bigEndianBytes.suffix(8) == [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(UInt256(bigEndian: value.bigEndianHash) == value)
        #expect(UInt256(bigEndianBytes: value.bigEndianBytes) == value)
        #expect(value.limbs == (1, 2, 3, 0x0405 << 48))
        #expect(value.asUInt64 == nil && UInt256(UInt64.max).asUInt64 == .max)
    }

    @Test func checkedOperations() throws {
        #expect(try UInt256.max.checkedSubtract(1).checkedAdd(1) == .max)
        #expect(try UInt256(7).checkedMultiply(6) == 42)
        #expect(throws: ArithmeticError.additionOverflow(left: UInt256.max.description, right: "1")) {
            try UInt256.max.checkedAdd(1)
        }
        #expect(throws: ArithmeticError.subtractionOverflow(left: "0", right: "1")) {
            try UInt256.zero.checkedSubtract(1)
        }
        #expect(throws: ArithmeticError.self) { try (UInt256.one << 255).checkedMultiply(2) }
        #expect(try UInt64(3).checkedAdd(4) == 7 && Int8(-3).checkedMultiply(4) == -12)
        #expect(throws: ArithmeticError.additionOverflow(left: "255", right: "1")) { try UInt8.max.checkedAdd(1) }
        #expect(throws: ArithmeticError.subtractionOverflow(left: "0", right: "1")) { try UInt64(0).checkedSubtract(1) }
        #expect(throws: ArithmeticError.multiplicationOverflow(left: "16", right: "16")) {
            try UInt8(16).checkedMultiply(16)
        }
    }
}
