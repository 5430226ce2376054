/// What follows a handshake: a byte stream in each direction, encrypted and authenticated.
public struct NoiseSession: Sendable {
    private var sending: CipherState
    private var receiving: CipherState
    private var buffer = NoiseFrameBuffer()
    private var failed = false

    package init(sending: CipherState, receiving: CipherState) {
        self.sending = sending
        self.receiving = receiving
    }

    /// The frames that carry `plaintext`; none for none.
    /// - Throws: `nonceExhausted`.
    public mutating func seal(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        var frames: [UInt8] = []
        var rest = plaintext[...]
        while !rest.isEmpty {
            frames += NoiseFrame.encode(try sending.encrypt(rest.prefix(NoiseFrame.maximumPlaintext)))
            rest = rest.dropFirst(NoiseFrame.maximumPlaintext)
        }
        return frames
    }

    /// The plaintext of all frames that are whole with these bytes of the peer, cut anywhere.
    /// - Throws: `truncated`, `decryptionFailed`, `nonceExhausted`; from then on `outOfOrder`.
    public mutating func open(_ bytes: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard !failed else { throw .outOfOrder }
        buffer.append(bytes)
        var plaintext: [UInt8] = []
        do throws(NoiseError) {
            while let message = buffer.next() { plaintext += try receiving.decrypt(message) }
        } catch {
            failed = true
            throw error
        }
        return plaintext
    }
}
