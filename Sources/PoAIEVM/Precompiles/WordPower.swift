/// Arithmetic modulo 2^64.
enum WordPower {
    /// `base` to the power of big-endian `bytes` · 256 ^ `zeros`; 0 to the power of 0 is 1.
    ///
    /// The exponent's lowest 64 bits are enough: odd numbers have orders that divide 2^62, and even ones become 0 from the
    /// 64th power on.
    static func raise(
        _ base: UInt64, to bytes: UnsafeRawBufferPointer, zeroBytesAfter zeros: UInt64
    ) -> UInt64 {
        let tail = Int(min(zeros, 8))
        let low = bytes.suffix(8 - tail).reduce(UInt64(0)) { $0 &<< 8 | UInt64($1) }
        let exponent = tail == 8 ? 0 : low &<< UInt64(8 * tail)
        let hasHigherBits = bytes.dropLast(8 - tail).contains { $0 != 0 }
        if base & 1 == 0, hasHigherBits || exponent >= 64 { return 0 }
        return raise(base, to: exponent)
    }

    private static func raise(_ base: UInt64, to exponent: UInt64) -> UInt64 {
        var (result, square, rest) = (UInt64(1), base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = result &* square }
            square = square &* square
            rest >>= 1
        }
        return result
    }

    /// 1 / `number` modulo 2^64, of an odd number.
    static func inverse(_ number: UInt64) -> UInt64 {
        var inverse = number  // right in 3 bits, and each step doubles them
        for _ in 0..<5 { inverse = inverse &* (2 &- number &* inverse) }
        return inverse
    }
}
