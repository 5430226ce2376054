extension UInt256: CustomStringConvertible {
    /// A number of one or more decimal digits without sign or spaces; nil for other text or from 2^256 on.
    public init?(decimal text: String) {
        guard !text.utf8.isEmpty else { return nil }
        var value = UInt256.zero
        for character in text.utf8 {
            guard (0x30...0x39).contains(character) else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(UInt256(UInt64(character - 0x30)))
            if tooLarge || overflow { return nil }
            value = sum
        }
        self = value
    }

    /// A number of 1...64 hex digits of either case, with or without `0x`; leading zeros are allowed.
    /// - Throws: `HexError`.
    public init(hex text: String) throws(HexError) {
        let digits = Hex.withoutPrefix(Array(text.utf8))
        guard (1...64).contains(digits.count) else {
            throw .wrongLength(expected: 32, got: (digits.count + 1) / 2)
        }
        var value = UInt256.zero
        for (offset, digit) in digits.enumerated() {
            guard let nibble = Hex.value(of: digit) else { throw .invalidDigit(offset: offset) }
            value = value << 4 | UInt256(UInt64(nibble))
        }
        self = value
    }

    /// Decimal digits.
    public var description: String {
        var digits: [UInt8] = []
        var rest = self
        repeat {
            var (quotient, part) = rest.dividedByWord(Self.decimalChunk)
            rest = quotient
            for _ in 0..<(rest.isZero ? Self.digitCount(part) : 19) {
                digits.append(0x30 + UInt8(part % 10))
                part /= 10
            }
        } while !rest.isZero
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// `0x` and the hex digits without leading zeros, `0x0` for 0: the quantity form of JSON-RPC.
    public var hex: String {
        let digits = Hex.encode(bigEndianBytes).utf8.drop { $0 == 0x30 }
        return digits.isEmpty ? "0x0" : "0x" + String(decoding: Array(digits), as: UTF8.self)
    }

    /// The largest power of ten in one word.
    private static var decimalChunk: UInt64 { 10_000_000_000_000_000_000 }

    /// Decimal digits of a value, 1 for 0.
    private static func digitCount(_ value: UInt64) -> Int {
        var (count, rest) = (1, value / 10)
        while rest > 0 { (count, rest) = (count + 1, rest / 10) }
        return count
    }
}
