/// The 256 characters that stand for bytes in byte-level BPE vocabularies (GPT-2's `bytes_to_unicode`): printable Latin-1 bytes
/// stand for themselves, the other 68 are U+0100 and up in order.
enum ByteAlphabet {
    /// Byte by code point for U+0000 ... U+0143; nil where a code point stands for no byte.
    private static let bytes: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 256 + 68)
        var next = 256
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: table[Int(byte)] = byte
            default:
                table[next] = byte
                next += 1
            }
        }
        return table
    }()

    /// Appends the bytes that `text` (UTF-8 of the alphabet's characters) stands for. Returns false, with a part appended, when
    /// there is anything else in it.
    static func decode(_ text: some Collection<UInt8>, into result: inout [UInt8]) -> Bool {
        var iterator = text.makeIterator()
        while let first = iterator.next() {
            if first < 0x80 {
                guard let byte = bytes[Int(first)] else { return false }
                result.append(byte)
            } else {
                // All characters of the alphabet above ASCII have two bytes.
                guard (0xC2...0xC5).contains(first), let second = iterator.next(), second & 0xC0 == 0x80 else {
                    return false
                }
                let scalar = Int(first & 0x1F) << 6 | Int(second & 0x3F)
                guard scalar < bytes.count, let byte = bytes[scalar] else { return false }
                result.append(byte)
            }
        }
        return true
    }
}
