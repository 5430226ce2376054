/// Frames of the libp2p Noise transport: a length of two bytes, big-endian, and a message.
public enum NoiseFrame {
    /// The longest message, in bytes.
    public static let maximumLength = 65_535
    /// The longest plaintext of one message after the handshake, in bytes.
    public static let maximumPlaintext = maximumLength - CipherState.tagLength

    /// `message`, at most `maximumLength` bytes, as a frame.
    static func encode(_ message: [UInt8]) -> [UInt8] {
        precondition(message.count <= maximumLength, "a Noise message fits its frame")
        return [UInt8(message.count >> 8), UInt8(truncatingIfNeeded: message.count)] + message
    }
}

/// Collects bytes and takes whole frames from them. Holds at most a frame that is not whole and what came with it.
struct NoiseFrameBuffer: Sendable {
    private var held: ArraySlice<UInt8> = []

    mutating func append(_ bytes: [UInt8]) { held.append(contentsOf: bytes) }

    /// The message of the next frame, nil when it is not whole yet.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let high = held.first, let low = held.dropFirst().first else { return nil }
        let length = Int(high) << 8 | Int(low)
        guard held.count >= length + 2 else { return nil }
        let message = held.dropFirst(2).prefix(length)
        held = held.dropFirst(length + 2)
        return message
    }

    /// What is not taken yet.
    mutating func takeRest() -> [UInt8] {
        defer { held = [] }
        return Array(held)
    }
}
