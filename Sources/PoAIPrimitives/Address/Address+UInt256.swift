extension Address {
    /// The last 20 of the 32 bytes of the big-endian number: the address that a word on the EVM stack stands for.
    @inlinable
    public init(truncating word: UInt256) {
        self.init(
            memoryWords: (word.l1 &>> 32 | word.l2 &<< 32).bigEndian, (word.l0 &>> 32 | word.l1 &<< 32).bigEndian,
            UInt32(truncatingIfNeeded: word.l0).bigEndian)
    }
}

extension UInt256 {
    /// The 20 bytes as a big-endian number.
    @inlinable
    public init(_ address: Address) {
        let high = address.word0.bigEndian
        let middle = address.word1.bigEndian
        self.init(
            middle &<< 32 | UInt64(address.word2.bigEndian), middle &>> 32 | high &<< 32, high &>> 32, 0)
    }
}
