/// Text split into code points the way llama.cpp reads it: leniently, and never failing.
///
/// A byte that does not start or continue a sequence becomes U+FFFD. Sequences longer than needed and surrogates are read as the
/// numbers they spell, and numbers are written back in their shortest form, so `bytes` differs from the input only when that is
/// not UTF-8. Numbers above U+10FFFF, at which llama.cpp's tokenizer aborts, are treated like other invalid bytes.
package struct DecodedText {
    /// One code point.
    package struct Unit {
        /// Where its bytes start in `bytes`.
        package var offset: Int
        /// Its class.
        package var unicodeClass: UnicodeClass
        /// The code point when it is ASCII, else 0xFF.
        package var ascii: UInt8
    }

    /// The text, re-encoded.
    package private(set) var bytes: [UInt8] = []
    /// Its code points in order.
    package private(set) var units: [Unit] = []

    package init(_ text: ArraySlice<UInt8>) {
        bytes.reserveCapacity(text.count)
        units.reserveCapacity(text.count)
        let ascii = UnicodeClass.ascii
        text.withUnsafeBufferPointer { source in
            var index = 0
            while index < source.count {
                let first = source[index]
                if first < 0x80 {
                    units.append(Unit(offset: bytes.count, unicodeClass: ascii[Int(first)], ascii: first))
                    bytes.append(first)
                    index += 1
                } else if let (scalar, length) = Self.sequence(source, at: index) {
                    append(scalar)
                    index += length
                } else {
                    append(0xFFFD)
                    index += 1
                }
            }
        }
    }

    /// The number spelled by the bytes at `index` and their count; nil when they spell none.
    private static func sequence(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> (UInt32, Int)? {
        let first = source[index]
        let length: Int
        switch first {
        case 0xC0...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF7: length = 4
        default: return nil
        }
        guard length <= source.count - index else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for byte in source[(index + 1)..<(index + length)] {
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        return scalar <= 0x10FFFF ? (scalar, length) : nil
    }

    private mutating func append(_ scalar: UInt32) {
        let ascii = scalar < 0x80 ? UInt8(scalar) : 0xFF
        units.append(Unit(offset: bytes.count, unicodeClass: UnicodeClass(of: scalar), ascii: ascii))
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80: bytes.append(ascii)
        case ..<0x800: bytes += [0xC0 | UInt8(scalar >> 6), tail(0)]
        case ..<0x10000: bytes += [0xE0 | UInt8(scalar >> 12), tail(6), tail(0)]
        default: bytes += [0xF0 | UInt8(scalar >> 18 & 7), tail(12), tail(6), tail(0)]
        }
    }
}
