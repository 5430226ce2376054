extension UInt256 {
    /// Long division of high * 2^256 + low by `divisor`, which must not be 0 (Knuth, TAOCP volume 2, algorithm 4.3.1 D,
    /// with digits of 64 bits).
    static func divideWide(
        high: UInt256, low: UInt256, by divisor: UInt256
    ) -> (quotient: (high: UInt256, low: UInt256), remainder: UInt256) {
        // A normalized divisor has its highest bit set; the dividend is shifted alike and gains a ninth digit.
        let shift = divisor.leadingZeroBitCount & 63
        let length = (divisor.significantBits + 63) / 64
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 21) { digits in
            guard let dividend = digits.baseAddress else { preconditionFailure("21 digits have an address") }
            let normal = dividend + 9
            let quotient = dividend + 13
            (divisor << shift).store(at: normal)
            (low << shift).store(at: dividend)
            ((high << shift) | (shift == 0 ? .zero : low >> (256 - shift))).store(at: dividend + 4)
            dividend[8] = shift == 0 ? 0 : high.l3 >> UInt64(64 - shift)
            quotient.update(repeating: 0, count: 8)

            var place = 8 - length
            while place > 0, dividend[place + length] == 0, dividend[place + length - 1] < normal[length - 1] {
                place -= 1  // the quotient digit here is 0
            }
            while place >= 0 {
                quotient[place] = divideStep(dividend + place, by: normal, length: length)
                place -= 1
            }
            let rest = UInt256(
                dividend[0], length > 1 ? dividend[1] : 0, length > 2 ? dividend[2] : 0, length > 3 ? dividend[3] : 0)
            return ((UInt256(loadingFrom: quotient + 4), UInt256(loadingFrom: quotient)), rest >> shift)
        }
    }

    /// One quotient digit: divides the `length` + 1 digits at `part` by the normalized divisor and leaves the remainder.
    private static func divideStep(
        _ part: UnsafeMutablePointer<UInt64>, by divisor: UnsafeMutablePointer<UInt64>, length: Int
    ) -> UInt64 {
        var digit = estimate(part, by: divisor, length: length)
        var carry: UInt64 = 0
        var borrow: UInt64 = 0
        for index in 0..<length {
            let (high, product) = multiplyAdd(digit, divisor[index], carry, 0)
            (part[index], borrow) = subtract(part[index], product, borrow: borrow)
            carry = high
        }
        (part[length], borrow) = subtract(part[length], carry, borrow: borrow)
        if borrow != 0 {  // the estimate was one too large, which happens about twice in 2^64
            digit &-= 1
            carry = 0
            for index in 0..<length {
                (part[index], carry) = add(part[index], divisor[index], carry: carry)
            }
            part[length] &+= carry
        }
        return digit
    }

    /// The quotient digit from the leading two or three digits: right or one too large.
    private static func estimate(
        _ part: UnsafeMutablePointer<UInt64>, by divisor: UnsafeMutablePointer<UInt64>, length: Int
    ) -> UInt64 {
        let top = divisor[length - 1]
        var digit = UInt64.max
        var rest: UInt64
        if part[length] < top {
            (digit, rest) = top.dividingFullWidth((part[length], part[length - 1]))
        } else {  // equal, as a remainder never exceeds the divisor
            let (sum, overflow) = part[length - 1].addingReportingOverflow(top)
            if overflow { return digit }
            rest = sum
        }
        guard length > 1 else { return digit }
        while true {
            let (high, product) = digit.multipliedFullWidth(by: divisor[length - 2])
            guard (high, product) > (rest, part[length - 2]) else { return digit }
            digit &-= 1
            let (sum, overflow) = rest.addingReportingOverflow(top)
            if overflow { return digit }
            rest = sum
        }
    }

    private func store(at target: UnsafeMutablePointer<UInt64>) {
        (target[0], target[1], target[2], target[3]) = (l0, l1, l2, l3)
    }

    private init(loadingFrom source: UnsafeMutablePointer<UInt64>) {
        self.init(source[0], source[1], source[2], source[3])
    }
}
