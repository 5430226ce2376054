import NIOCore

/// Frames of the libp2p Noise transport: a length of two bytes, big-endian, and a message.
public enum NoiseFrame {
    /// The longest message, in bytes.
    public static let maximumLength = 65_535
    /// The longest plaintext of one message after the handshake, in bytes.
    public static let maximumPlaintext = maximumLength - CipherState.tagLength
    /// Bytes of the length.
    static let headerSize = 2

    /// `message`, at most `maximumLength` bytes, as a frame.
    static func encode(_ message: [UInt8]) -> [UInt8] {
        precondition(message.count <= maximumLength, "a Noise message fits its frame")
        return [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }
}

/// Takes whole frames from bytes that come in any pieces. Only a frame that is cut is copied.
struct NoiseFrameBuffer: Sendable {
    /// The first bytes of a frame that is not whole.
    private var cut = ByteBuffer()
    /// What follows and was not looked at.
    private var input = ByteBuffer()

    mutating func append(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 { input = bytes } else { input.writeImmutableBuffer(bytes) }
    }

    /// The message of the next frame, nil when it is not whole yet.
    mutating func next() -> ByteBuffer? {
        if cut.readableBytes == 0, let message = input.readLengthPrefixedSlice(as: UInt16.self) { return message }
        guard fill(to: NoiseFrame.headerSize), let length = cut.getInteger(at: cut.readerIndex, as: UInt16.self),
            fill(to: NoiseFrame.headerSize + Int(length))
        else {
            input = ByteBuffer()
            return nil
        }
        return cut.readLengthPrefixedSlice(as: UInt16.self)
    }

    /// What is not taken yet.
    mutating func takeRest() -> [UInt8] {
        defer { (cut, input) = (ByteBuffer(), ByteBuffer()) }
        return Array(cut.readableBytesView) + Array(input.readableBytesView)
    }

    /// Moves input until there are `count` bytes of the frame. False: there is not enough.
    private mutating func fill(to count: Int) -> Bool {
        if cut.readableBytes == 0 { cut.clear() }
        let missing = min(max(0, count - cut.readableBytes), input.readableBytes)
        if var more = input.readSlice(length: missing) { cut.writeBuffer(&more) }
        return cut.readableBytes >= count
    }
}
