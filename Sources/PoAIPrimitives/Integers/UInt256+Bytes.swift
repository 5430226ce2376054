extension UInt256 {
    /// The 32 bytes as a big-endian number.
    public init(bigEndian hash: Hash32) {
        self.init(hash.word3.bigEndian, hash.word2.bigEndian, hash.word1.bigEndian, hash.word0.bigEndian)
    }

    /// At most 32 bytes as a big-endian number, none is 0; nil for more than 32.
    public init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count <= 32 else { return nil }
        self.init(0, 0, 0, 0)
        for byte in bytes {
            self = self << 8
            l0 |= UInt64(byte)
        }
    }

    /// The 32 bytes of the big-endian number.
    public var bigEndianHash: Hash32 {
        Hash32(memoryWords: l3.bigEndian, l2.bigEndian, l1.bigEndian, l0.bigEndian)
    }

    /// The 32 bytes of the big-endian number.
    public var bigEndianBytes: [UInt8] { bigEndianHash.bytes }

    /// The big-endian number without leading zero bytes: 0...32 bytes, none for 0. This is RLP's form of an integer.
    public var minimalBigEndianBytes: [UInt8] { Array(bigEndianBytes.suffix((significantBits + 7) / 8)) }
}
