import PoAIPrimitives

/// A precompile's input, which continues with zeros without end.
struct PrecompileInput {
    let bytes: UnsafeRawBufferPointer

    /// Words of 32 bytes, the last one begun counts.
    var wordCount: Int64 { Int64(bytes.count / 32) + (bytes.count % 32 == 0 ? 0 : 1) }

    /// The bytes that are there of the `count` from `offset` on. Neither is negative.
    func present(at offset: Int, count: Int) -> UnsafeRawBufferPointer {
        guard offset < bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + min(count, bytes.count - offset)])
    }

    /// The 32 bytes from `offset` on, as they are.
    func hash(at offset: Int) -> Hash32 {
        let present = present(at: offset, count: 32)
        if let hash = Hash32(present) { return hash }
        return Hash32(Array(present) + [UInt8](repeating: 0, count: 32 - present.count)) ?? .zero
    }

    /// The 32 bytes from `offset` on, a big-endian number.
    func word(at offset: Int) -> UInt256 { UInt256(bigEndian: hash(at: offset)) }
}
