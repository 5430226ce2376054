import Crypto
import Foundation
import NIOCore

/// ChaCha20-Poly1305 with a key and a counter as nonce (Noise revision 34, section 5.1). Without a key it passes bytes on.
package struct CipherState: Sendable {
    /// Bytes that encryption adds.
    package static let tagLength = 16
    private static let nonceLength = 12

    private let key: SymmetricKey?
    private var nonce: UInt64
    /// Where a message is put together for decryption; kept, as memory for each would cost more than the copy.
    private var box = ByteBuffer()

    /// `nonce` is the number of messages that are done.
    package init(key: SymmetricKey? = nil, nonce: UInt64 = 0) {
        self.key = key
        self.nonce = nonce
    }

    /// Whether there is a key.
    package var hasKey: Bool { key != nil }

    /// Encrypts the next message.
    /// - Throws: `nonceExhausted`.
    package mutating func encrypt(_ plaintext: [UInt8], associated: [UInt8] = []) throws(NoiseError) -> [UInt8] {
        guard let key else { return plaintext }
        return Array(try seal(plaintext, key, associated))
    }

    /// Encrypts the next message, at most `NoiseFrame.maximumPlaintext` bytes, and appends its frame to `frames`.
    /// - Throws: `nonceExhausted`.
    mutating func encrypt(_ plaintext: ByteBuffer, into frames: inout ByteBuffer) throws(NoiseError) {
        let message = try plaintext.withUnsafeReadableBytes { bytes throws(NoiseError) -> Data in
            guard let key else { return Data(bytes) }
            return try seal(bytes, key, [])
        }
        frames.writeInteger(UInt16(message.count))
        _ = message.withUnsafeBytes { frames.writeBytes($0) }
    }

    /// Decrypts the next message.
    /// - Throws: `truncated`, `nonceExhausted`, `decryptionFailed`.
    package mutating func decrypt(_ message: [UInt8], associated: [UInt8] = []) throws(NoiseError) -> [UInt8] {
        Array(try open(ByteBuffer(bytes: message), associated))
    }

    /// Decrypts the next message and appends it to `plaintext`.
    /// - Throws: `truncated`, `nonceExhausted`, `decryptionFailed`.
    mutating func decrypt(_ message: ByteBuffer, into plaintext: inout ByteBuffer) throws(NoiseError) {
        _ = try open(message, []).withUnsafeBytes { plaintext.writeBytes($0) }
    }

    /// Ciphertext and tag.
    private mutating func seal(
        _ plaintext: some DataProtocol, _ key: SymmetricKey, _ associated: [UInt8]
    ) throws(NoiseError) -> Data {
        let nonce = try takeNonce()
        do {
            return try ChaChaPoly.seal(plaintext, using: key, nonce: nonce, authenticating: associated)
                .combined.dropFirst(Self.nonceLength)
        } catch {
            preconditionFailure("ChaCha20-Poly1305 encrypts every message: \(error)")
        }
    }

    private mutating func open(_ message: ByteBuffer, _ associated: [UInt8]) throws(NoiseError) -> Data {
        guard let key else { return message.withUnsafeReadableBytes { Data($0) } }
        guard message.readableBytes >= Self.tagLength else { throw .truncated }
        let nonce = try takeNonce()
        box.clear()
        _ = nonce.withUnsafeBytes { box.writeBytes($0) }
        box.writeImmutableBuffer(message)
        let sealed = box.withUnsafeReadableBytes { try? ChaChaPoly.SealedBox(combined: $0) }
        guard let sealed, let plaintext = try? ChaChaPoly.open(sealed, using: key, authenticating: associated) else {
            throw .decryptionFailed
        }
        return plaintext
    }

    /// Four zero bytes and the counter, little-endian. The last number is reserved by the spec.
    private mutating func takeNonce() throws(NoiseError) -> ChaChaPoly.Nonce {
        guard nonce < UInt64.max else { throw .nonceExhausted }
        let bytes = [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) }
        nonce += 1
        do { return try ChaChaPoly.Nonce(data: bytes) } catch { preconditionFailure("a nonce has 12 bytes") }
    }
}
