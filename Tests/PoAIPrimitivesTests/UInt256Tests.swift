import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct UInt256Tests {
    /// Every operation against `SlowInteger` on random operands, many of them with limbs at their limits.
    @Test func agreesWithSchoolbook() throws {
        var random = DeterministicRandom(seed: 256)
        for _ in 0..<1500 {
            let (a, b) = (Self.operand(&random), Self.operand(&random))
            let (x, y) = (SlowInteger(a), SlowInteger(b))
            let sum = a.addingReportingOverflow(b)
            #expect(SlowInteger(sum.partialValue) == x.plus(y).split.low)
            #expect(sum.overflow == !x.plus(y).split.high.bits.isEmpty)
            let difference = a.subtractingReportingOverflow(b)
            #expect(difference.overflow == (x.minus(y) == nil))
            #expect((difference.partialValue &+ b) == a)
            if let exact = x.minus(y) { #expect(SlowInteger(difference.partialValue) == exact) }
            #expect((a < b) == (x.minus(y) == nil))

            let product = a.multipliedFullWidth(by: b)
            let slow = x.times(y).split
            #expect(SlowInteger(product.low) == slow.low && SlowInteger(product.high) == slow.high)
            #expect((a &* b) == product.low)
            #expect(a.multipliedReportingOverflow(by: b) == (product.low, !slow.high.bits.isEmpty))

            guard !b.isZero else { continue }
            let (quotient, remainder) = try #require(a.divided(by: b))
            let expected = x.divided(by: y)
            #expect(SlowInteger(quotient) == expected.quotient && SlowInteger(remainder) == expected.remainder)
            #expect(a.quotientAndRemainder(dividingBy: b) == (quotient, remainder))
        }
    }

    @Test func wideDivisionAgreesWithSchoolbook() throws {
        var random = DeterministicRandom(seed: 512)
        var (fitting, tooLarge) = (0, 0)
        for _ in 0..<700 {
            let (high, low) = (Self.operand(&random), Self.operand(&random))
            let divisor = Self.operand(&random)
            guard let (quotient, remainder) = divisor.dividingFullWidth((high, low)) else {
                #expect(high >= divisor)
                tooLarge += 1
                continue
            }
            fitting += 1
            #expect(high < divisor)
            let dividend = SlowInteger(high).shifted(left: 256).plus(SlowInteger(low))
            let expected = dividend.divided(by: SlowInteger(divisor))
            #expect(SlowInteger(quotient) == expected.quotient && SlowInteger(remainder) == expected.remainder)
        }
        #expect(fitting > 100 && tooLarge > 100)
    }

    @Test func divisionByZeroIsNil() {
        #expect(UInt256.max.divided(by: 0) == nil)
        #expect(UInt256.zero.dividingFullWidth((0, 1)) == nil)
        #expect(UInt256.one.adding(1, modulo: 0) == nil)
        #expect(UInt256.one.multiplied(by: 1, modulo: 0) == nil)
        #expect(UInt256.one.dividingFullWidth((1, 0)) == nil)
    }

    @Test func shiftsAndBits() {
        var random = DeterministicRandom(seed: 64)
        for _ in 0..<300 {
            let a = Self.operand(&random)
            let x = SlowInteger(a)
            #expect(a.significantBits == x.bits.count && a.leadingZeroBitCount == 256 - x.bits.count)
            #expect(a.trailingZeroBitCount == x.bits.firstIndex(of: true) ?? 256)
            for count in [0, 1, 7, 63, 64, 65, 127, 128, 129, 191, 192, 193, 255, 256, 257, Int.max] {
                let left = count < 256 ? x.shifted(left: count).split.low : SlowInteger(bits: [])
                #expect(SlowInteger(a << count) == left)
                #expect(SlowInteger(a >> count) == SlowInteger(bits: Array(x.bits.dropFirst(count))))
                #expect(a << -count == a >> count && a >> -count == a << count)
            }
            let b = Self.operand(&random)
            let pairs = zip(a.bigEndianBytes, b.bigEndianBytes)
            #expect((a & b).bigEndianBytes == pairs.map { $0 & $1 })
            #expect((a | b).bigEndianBytes == pairs.map { $0 | $1 })
            #expect((a ^ b).bigEndianBytes == pairs.map { $0 ^ $1 })
            #expect((~a).bigEndianBytes == a.bigEndianBytes.map { ~$0 })
        }
        #expect(UInt256.one << Int.min == 0 && UInt256.one >> Int.min == 0)
    }

    /// Zero, small, wide, and limbs of all ones, all zeros or a single bit.
    private static func operand(_ random: inout DeterministicRandom) -> UInt256 {
        func limb() -> UInt64 {
            switch random.below(8) {
            case 0: 0
            case 1: .max
            case 2: 1
            case 3: 1 << 63
            case 4: .max - 1
            case 5: random.next() >> UInt64(random.below(64))
            default: random.next()
            }
        }
        return UInt256(limbs: (limb(), limb(), limb(), limb())) >> random.below(256)
    }
}
