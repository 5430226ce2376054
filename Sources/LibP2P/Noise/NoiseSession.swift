import NIOCore

/// What follows a handshake: a byte stream in each direction, encrypted and authenticated.
public struct NoiseSession: Sendable {
    private var sending: CipherState
    private var receiving: CipherState
    private var buffer = NoiseFrameBuffer()
    private var memory = NoiseMemory()
    private var failed = false

    package init(sending: CipherState, receiving: CipherState) {
        self.sending = sending
        self.receiving = receiving
    }

    /// The frames that carry `plaintext`; none for none.
    /// - Throws: `nonceExhausted`.
    public mutating func seal(_ plaintext: ByteBuffer) throws(NoiseError) -> ByteBuffer {
        var rest = plaintext
        var frames = ByteBuffer()
        let count = (rest.readableBytes + NoiseFrame.maximumPlaintext - 1) / NoiseFrame.maximumPlaintext
        frames.reserveCapacity(rest.readableBytes + count * (NoiseFrame.headerSize + CipherState.tagLength))
        while rest.readableBytes > 0,
            let piece = rest.readSlice(length: min(NoiseFrame.maximumPlaintext, rest.readableBytes))
        {
            try sending.encrypt(piece, into: &frames)
        }
        return frames
    }

    /// The plaintexts of all messages that are whole with these bytes of the peer, cut anywhere.
    /// - Throws: `truncated`, `decryptionFailed`, `nonceExhausted`; from then on `outOfOrder`.
    public mutating func open(_ bytes: ByteBuffer) throws(NoiseError) -> [ByteBuffer] {
        guard !failed else { throw .outOfOrder }
        buffer.append(bytes)
        var plaintexts: [ByteBuffer] = []
        do throws(NoiseError) {
            while let message = buffer.next() {
                var plaintext = memory.take(message.readableBytes)
                try receiving.decrypt(message, into: &plaintext)
                memory.keep(plaintext)
                plaintexts.append(plaintext)
            }
        } catch {
            failed = true
            throw error
        }
        memory.endRound()
        return plaintexts
    }

    /// The same for bytes in an array.
    /// - Throws: as above.
    public mutating func seal(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        Array(try seal(ByteBuffer(bytes: plaintext)).readableBytesView)
    }

    /// The same for bytes in an array.
    /// - Throws: as above.
    public mutating func open(_ bytes: [UInt8]) throws(NoiseError) -> [UInt8] {
        try open(ByteBuffer(bytes: bytes)).flatMap { Array($0.readableBytesView) }
    }
}
