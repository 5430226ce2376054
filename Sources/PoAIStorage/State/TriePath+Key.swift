import PoAITrie

extension TriePath: TableKey {
    /// The number of nibbles, then the nibbles packed two in a byte, an odd last one in the upper half.
    public var keyBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + (nibbles.count + 1) / 2)
        bytes.append(UInt8(truncatingIfNeeded: nibbles.count))
        for index in stride(from: 0, to: nibbles.count, by: 2) {
            bytes.append(nibbles[index] << 4 | (index + 1 < nibbles.count ? nibbles[index + 1] : 0))
        }
        return bytes
    }

    /// Inverse of `keyBytes`.
    public init?(keyBytes: UnsafeRawBufferPointer) {
        guard let count = keyBytes.first, count <= 64, keyBytes.count == 1 + (Int(count) + 1) / 2 else { return nil }
        let all = keyBytes.dropFirst().flatMap { [$0 >> 4, $0 & 15] }
        guard all.dropFirst(Int(count)).allSatisfy({ $0 == 0 }) else { return nil }
        self.init(Array(all.prefix(Int(count))))
    }
}
