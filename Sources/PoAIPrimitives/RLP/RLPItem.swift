/// A node of RLP data (Ethereum Yellow Paper, appendix B): a byte string or a list of items.
public enum RLPItem: Hashable, Sendable {
    /// A byte string, possibly empty.
    case bytes([UInt8])
    /// Items in order, possibly none.
    case list([RLPItem])
}

extension RLPItem {
    /// The integer as minimal big-endian bytes, empty for 0.
    public static func uint(_ value: UInt64) -> RLPItem { .bytes(UInt256(value).minimalBigEndianBytes) }

    /// The integer as minimal big-endian bytes, empty for 0. A literal goes to the overload for `UInt64`.
    @_disfavoredOverload
    public static func uint(_ value: UInt256) -> RLPItem { .bytes(value.minimalBigEndianBytes) }

    /// The 32 bytes of a hash.
    public static func hash(_ hash: Hash32) -> RLPItem { .bytes(hash.bytes) }

    /// The 20 bytes of an address.
    public static func address(_ address: Address) -> RLPItem { .bytes(address.bytes) }

    /// The bytes of a byte string of any length.
    /// - Throws: `RLPError.expectedBytes`.
    public func data() throws(RLPError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw .expectedBytes }
        return bytes
    }

    /// The bytes of a byte string of exactly `count` bytes.
    /// - Throws: `RLPError.expectedBytes`, `RLPError.wrongLength`.
    public func data(count: Int) throws(RLPError) -> [UInt8] {
        let bytes = try data()
        guard bytes.count == count else { throw .wrongLength(expected: count, got: bytes.count) }
        return bytes
    }

    /// The items of a list of any length.
    /// - Throws: `RLPError.expectedList`.
    public func list() throws(RLPError) -> [RLPItem] {
        guard case .list(let items) = self else { throw .expectedList }
        return items
    }

    /// The items of a list of exactly `count` items.
    /// - Throws: `RLPError.expectedList`, `RLPError.wrongCount`.
    public func list(count: Int) throws(RLPError) -> [RLPItem] {
        let items = try list()
        guard items.count == count else { throw .wrongCount(expected: count, got: items.count) }
        return items
    }

    /// A canonical integer of at most 8 bytes.
    /// - Throws: `RLPError.expectedBytes`, `.integerWithLeadingZero`, `.integerTooLarge`.
    public func uint64() throws(RLPError) -> UInt64 {
        try integer(limit: 8).l0
    }

    /// A canonical integer of at most 32 bytes.
    /// - Throws: `RLPError.expectedBytes`, `.integerWithLeadingZero`, `.integerTooLarge`.
    public func uint256() throws(RLPError) -> UInt256 {
        try integer(limit: 32)
    }

    /// A hash of 32 bytes.
    /// - Throws: `RLPError.expectedBytes`, `.wrongLength`.
    public func hash32() throws(RLPError) -> Hash32 {
        let bytes = try data(count: 32)
        guard let hash = Hash32(bytes) else { throw .wrongLength(expected: 32, got: bytes.count) }
        return hash
    }

    /// An address of 20 bytes.
    /// - Throws: `RLPError.expectedBytes`, `.wrongLength`.
    public func address() throws(RLPError) -> Address {
        let bytes = try data(count: 20)
        guard let address = Address(bytes) else { throw .wrongLength(expected: 20, got: bytes.count) }
        return address
    }

    private func integer(limit: Int) throws(RLPError) -> UInt256 {
        let bytes = try data()
        if bytes.first == 0 { throw .integerWithLeadingZero }
        guard bytes.count <= limit, let value = UInt256(bigEndianBytes: bytes) else {
            throw .integerTooLarge(limit: limit, got: bytes.count)
        }
        return value
    }
}
