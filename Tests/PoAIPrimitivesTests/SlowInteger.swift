import PoAIPrimitives

/// Unsigned integers of any size as bits, least significant first, with the algorithms one learns at school: slow, and
/// sharing nothing with `UInt256` but its conversion to bytes.
struct SlowInteger: Equatable {
    var bits: [Bool]

    init(bits: [Bool]) {
        self.bits = bits
        while self.bits.last == false { self.bits.removeLast() }
    }

    init(bigEndian bytes: [UInt8]) {
        self.init(bits: bytes.reversed().flatMap { byte in (0..<8).map { byte >> $0 & 1 == 1 } })
    }

    init(_ value: UInt256) { self.init(bigEndian: value.bigEndianBytes) }

    /// Decimal digits only.
    init(decimal text: String) {
        self.init(bits: [])
        let ten = SlowInteger(bigEndian: [10])
        for digit in text.utf8 { self = self.times(ten).plus(SlowInteger(bigEndian: [digit - 0x30])) }
    }

    subscript(index: Int) -> Bool { index < bits.count && bits[index] }

    var bigEndianBytes: [UInt8] {
        (0..<(bits.count + 7) / 8).reversed().map { byte in
            (0..<8).reduce(UInt8(0)) { $0 | (self[8 * byte + $1] ? 1 << $1 : 0) }
        }
    }

    func plus(_ other: SlowInteger) -> SlowInteger {
        var sum: [Bool] = []
        var carry = false
        for index in 0...max(bits.count, other.bits.count) {
            let ones = (self[index] ? 1 : 0) + (other[index] ? 1 : 0) + (carry ? 1 : 0)
            sum.append(ones % 2 == 1)
            carry = ones > 1
        }
        return SlowInteger(bits: sum)
    }

    /// nil if `other` is larger.
    func minus(_ other: SlowInteger) -> SlowInteger? {
        var difference: [Bool] = []
        var borrow = 0
        for index in 0..<max(bits.count, other.bits.count) {
            let digit = (self[index] ? 1 : 0) - (other[index] ? 1 : 0) - borrow
            difference.append(digit & 1 == 1)
            borrow = digit < 0 ? 1 : 0
        }
        return borrow == 0 ? SlowInteger(bits: difference) : nil
    }

    func times(_ other: SlowInteger) -> SlowInteger {
        var product = SlowInteger(bits: [])
        for (shift, bit) in other.bits.enumerated() where bit { product = product.plus(shifted(left: shift)) }
        return product
    }

    /// `divisor` is not 0.
    func divided(by divisor: SlowInteger) -> (quotient: SlowInteger, remainder: SlowInteger) {
        var quotient = [Bool](repeating: false, count: bits.count)
        var rest = SlowInteger(bits: [])
        for index in bits.indices.reversed() {
            rest = SlowInteger(bits: [bits[index]] + rest.bits)
            guard let less = rest.minus(divisor) else { continue }
            rest = less
            quotient[index] = true
        }
        return (SlowInteger(bits: quotient), rest)
    }

    func shifted(left count: Int) -> SlowInteger {
        SlowInteger(bits: [Bool](repeating: false, count: count) + bits)
    }

    /// The value modulo 2^256, and the value divided by it.
    var split: (low: SlowInteger, high: SlowInteger) {
        (SlowInteger(bits: Array(bits.prefix(256))), SlowInteger(bits: Array(bits.dropFirst(256))))
    }
}
