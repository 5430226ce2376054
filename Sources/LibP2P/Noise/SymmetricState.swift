import Crypto
import Foundation

/// The hash and the chaining key of a handshake (Noise revision 34, section 5.2), with SHA-256.
struct SymmetricState: Sendable {
    private(set) var hash: [UInt8]
    private var chainingKey: [UInt8]
    private var cipher = CipherState()

    /// `protocolName` has at most 32 bytes, and is filled up with zeros.
    init(protocolName: String) {
        let name = Array(protocolName.utf8)
        precondition(name.count <= SHA256.byteCount, "longer names are hashed, which no protocol here needs")
        hash = name + Array(repeating: 0, count: SHA256.byteCount - name.count)
        chainingKey = hash
    }

    var hasKey: Bool { cipher.hasKey }

    mutating func mixHash(_ bytes: [UInt8]) { hash = Array(SHA256.hash(data: hash + bytes)) }

    mutating func mixKey(_ secret: [UInt8]) {
        let (next, key) = Self.derive(chainingKey, secret)
        chainingKey = next
        cipher = CipherState(key: SymmetricKey(data: key))
    }

    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let ciphertext = try cipher.encrypt(plaintext, associated: hash)
        mixHash(ciphertext)
        return ciphertext
    }

    mutating func decryptAndHash(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let plaintext = try cipher.decrypt(ciphertext, associated: hash)
        mixHash(ciphertext)
        return plaintext
    }

    /// The ciphers of the two directions, the initiator's first.
    func split() -> (CipherState, CipherState) {
        let (first, second) = Self.derive(chainingKey, [])
        return (CipherState(key: SymmetricKey(data: first)), CipherState(key: SymmetricKey(data: second)))
    }

    /// HKDF of the Noise spec with two outputs.
    private static func derive(_ chainingKey: [UInt8], _ input: [UInt8]) -> ([UInt8], [UInt8]) {
        let temporary = hmac(chainingKey, input)
        let first = hmac(temporary, [1])
        return (first, hmac(temporary, first + [2]))
    }

    private static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }
}
