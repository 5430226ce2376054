import PoAIPrimitives

/// Writes the RLP of one header into a fixed buffer.
///
/// The payload of a header is always between 256 and 65535 bytes (it holds the bloom filter), so the list prefix is
/// always `f9` and two length bytes: the payload starts at offset 3 and the prefix is filled in at the end.
/// The caller guarantees room for 1024 bytes and an `extraData` of at most 32.
struct HeaderWriter {
    private static let prefixCount = 3

    private let buffer: UnsafeMutableRawBufferPointer
    private var count = prefixCount

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        self.buffer = buffer
    }

    mutating func hash(_ value: Hash32) {
        byte(0xa0)
        value.withUnsafeBytes { raw($0) }
    }

    mutating func address(_ value: Address) {
        byte(0x94)
        value.withUnsafeBytes { raw($0) }
    }

    mutating func bloom(_ value: LogsBloom) {
        byte(0xb9)
        byte(0x01)
        byte(0x00)
        value.bytes.withUnsafeBytes { raw($0) }
    }

    /// An integer: big-endian without leading zeros, zero as the empty string.
    mutating func integer(_ value: UInt64) {
        guard value >= 0x80 else {
            byte(value == 0 ? 0x80 : UInt8(truncatingIfNeeded: value))
            return
        }
        let width = (71 - value.leadingZeroBitCount) / 8
        byte(0x80 + UInt8(truncatingIfNeeded: width))
        bigEndian(value, width: width)
    }

    mutating func integer(_ value: UInt256) {
        guard value.significantBits > 64 else {
            integer(value.limbs.0)
            return
        }
        shortString(value.minimalBigEndianBytes)
    }

    mutating func nonce(_ value: UInt64) {
        byte(0x88)
        bigEndian(value, width: 8)
    }

    /// A string of at most 55 bytes.
    mutating func shortString(_ bytes: [UInt8]) {
        if bytes.count != 1 || bytes[0] >= 0x80 {
            byte(0x80 + UInt8(truncatingIfNeeded: bytes.count))
        }
        bytes.withUnsafeBytes { raw($0) }
    }

    /// Fills in the list prefix and gives the whole encoding.
    func finish() -> UnsafeRawBufferPointer {
        let payload = count - Self.prefixCount
        buffer[0] = 0xf9
        buffer[1] = UInt8(truncatingIfNeeded: payload >> 8)
        buffer[2] = UInt8(truncatingIfNeeded: payload)
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    private mutating func bigEndian(_ value: UInt64, width: Int) {
        for index in 0..<width {
            byte(UInt8(truncatingIfNeeded: value >> UInt64(8 * (width - 1 - index))))
        }
    }

    private mutating func byte(_ value: UInt8) {
        buffer[count] = value
        count += 1
    }

    private mutating func raw(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: buffer[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }
}
