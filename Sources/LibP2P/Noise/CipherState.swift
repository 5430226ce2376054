import Crypto

/// ChaCha20-Poly1305 with a key and a counter as nonce (Noise revision 34, section 5.1). Without a key it passes bytes on.
package struct CipherState: Sendable {
    /// Bytes that encryption adds.
    package static let tagLength = 16

    private let key: SymmetricKey?
    private var nonce: UInt64

    /// `nonce` is the number of messages that are done.
    package init(key: SymmetricKey? = nil, nonce: UInt64 = 0) {
        self.key = key
        self.nonce = nonce
    }

    /// Whether there is a key.
    package var hasKey: Bool { key != nil }

    /// Encrypts the next message.
    /// - Throws: `nonceExhausted`.
    package mutating func encrypt(_ plaintext: some Collection<UInt8>, associated: [UInt8] = []) throws(NoiseError)
        -> [UInt8]
    {
        guard let key else { return Array(plaintext) }
        let nonce = try takeNonce()
        do {
            let box = try ChaChaPoly.seal(Array(plaintext), using: key, nonce: nonce, authenticating: associated)
            return Array(box.ciphertext + box.tag)
        } catch {
            preconditionFailure("ChaCha20-Poly1305 encrypts every message: \(error)")
        }
    }

    /// Decrypts the next message.
    /// - Throws: `truncated`, `nonceExhausted`, `decryptionFailed`.
    package mutating func decrypt(_ message: some Collection<UInt8>, associated: [UInt8] = []) throws(NoiseError)
        -> [UInt8]
    {
        guard let key else { return Array(message) }
        guard message.count >= Self.tagLength else { throw .truncated }
        let nonce = try takeNonce()
        let bytes = Array(message)
        let cut = bytes.count - Self.tagLength
        guard let box = try? ChaChaPoly.SealedBox(nonce: nonce, ciphertext: bytes[..<cut], tag: bytes[cut...]),
            let plaintext = try? ChaChaPoly.open(box, using: key, authenticating: associated)
        else { throw .decryptionFailed }
        return Array(plaintext)
    }

    /// Four zero bytes and the counter, little-endian. The last number is reserved by the spec.
    private mutating func takeNonce() throws(NoiseError) -> ChaChaPoly.Nonce {
        guard nonce < UInt64.max else { throw .nonceExhausted }
        let bytes = [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) }
        nonce += 1
        do { return try ChaChaPoly.Nonce(data: bytes) } catch { preconditionFailure("a nonce has 12 bytes") }
    }
}
