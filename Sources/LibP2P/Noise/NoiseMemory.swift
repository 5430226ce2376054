import NIOCore

/// Memory for long plaintexts that is used again once nobody holds what was in it: fresh memory costs more than decryption
/// where the system has to clear it. It is given back as soon as no long plaintexts come any more.
struct NoiseMemory: Sendable {
    /// Most buffers that are kept.
    private static let most = 8
    private static let capacity = 65_536
    /// Shorter plaintexts get memory of their own.
    private static let short = 16_384

    private var buffers: [ByteBuffer] = []
    private var isUsed = false

    /// An empty buffer for a plaintext of `count` bytes, which nobody else has.
    mutating func take(_ count: Int) -> ByteBuffer {
        guard count >= Self.short else { return Self.new(count) }
        isUsed = true
        for index in buffers.indices {
            let isFree: Void? = buffers[index].modifyIfUniquelyOwned { $0.clear() }
            if isFree != nil { return buffers.remove(at: index) }
        }
        return Self.new(Self.capacity)
    }

    /// Takes note of a buffer for later, now that it is filled.
    mutating func keep(_ buffer: ByteBuffer) {
        guard buffer.storageCapacity == Self.capacity, buffers.count < Self.most else { return }
        buffers.append(buffer)
    }

    /// All that came at once is decrypted.
    mutating func endRound() {
        if !isUsed { buffers = [] }
        isUsed = false
    }

    private static func new(_ capacity: Int) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(capacity)
        return buffer
    }
}
