/// The hex-prefix encoding of nibbles and a flag (Yellow Paper, appendix C): the first nibble is 2 for a leaf plus 1 for
/// an odd number of nibbles; an even number is preceded by one more nibble of 0.
enum HexPrefix {
    static func encode(_ nibbles: [UInt8], isLeaf: Bool) -> [UInt8] {
        let isOdd = !nibbles.count.isMultiple(of: 2)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(nibbles.count / 2 + 1)
        var rest = nibbles[...]
        var first: UInt8 = isLeaf ? 0x20 : 0
        if isOdd, let nibble = rest.popFirst() { first |= 0x10 | nibble }
        bytes.append(first)
        while let high = rest.popFirst(), let low = rest.popFirst() { bytes.append(high << 4 | low) }
        return bytes
    }

    /// nil if `bytes` are not what `encode` gives.
    static func decode(_ bytes: some Collection<UInt8>) -> (nibbles: [UInt8], isLeaf: Bool)? {
        guard let first = bytes.first, first < 0x40 else { return nil }
        let isOdd = first & 0x10 != 0
        if !isOdd, first & 0x0F != 0 { return nil }
        var nibbles: [UInt8] = []
        nibbles.reserveCapacity(2 * bytes.count - 1)
        if isOdd { nibbles.append(first & 15) }
        for byte in bytes.dropFirst() {
            nibbles.append(byte >> 4)
            nibbles.append(byte & 15)
        }
        return (nibbles, first & 0x20 != 0)
    }
}
