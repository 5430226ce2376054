import Foundation
import PoAIPrimitives

/// A private key under a password: Web3 Secret Storage version 3 with scrypt or PBKDF2 and AES-128 in counter mode, as
/// Ethereum's wallets write it.
public struct Keystore: Equatable, Sendable {
    /// Most bytes that a keystore file may have.
    public static let sizeLimit = 65_536

    /// Whose key it is, as far as the file says; trust it once the keystore was opened.
    public let address: Address?
    /// A random name that says nothing about the key.
    public let id: String
    let derivation: KeyDerivation
    let salt: [UInt8]
    let keySize: Int
    let counter: [UInt8]
    let ciphertext: [UInt8]
    let mac: Hash32

    init(
        address: Address?, id: String, derivation: KeyDerivation, salt: [UInt8], keySize: Int, counter: [UInt8],
        ciphertext: [UInt8], mac: Hash32
    ) {
        (self.address, self.id, self.derivation) = (address, id, derivation)
        (self.salt, self.keySize) = (salt, keySize)
        (self.counter, self.ciphertext, self.mac) = (counter, ciphertext, mac)
    }

    /// Encrypts `key` with fresh randomness.
    ///
    /// - Parameter password: its UTF-8 bytes, as they are.
    /// - Throws: `.malformed`, `.tooCostly`, `.outOfMemory`, which only other parameters than the standard ones
    ///   or a small machine bring about.
    public init(
        key: PrivateKey, password: [UInt8], derivation: KeyDerivation = .standard
    ) throws(KeystoreError) {
        try derivation.check()
        let (salt, counter) = (Self.randomBytes(32), Self.randomBytes(AES128.size))
        let derived = try derivation.key(password: password, salt: salt, count: 32)
        guard let cipher = AES128(key: derived.prefix(AES128.size)),
            let ciphertext = cipher.counterMode(key.bytes, counter: counter)
        else { throw .malformed(field: "crypto.cipherparams.iv", got: "nothing", expected: "16 bytes") }
        self.init(
            address: key.address, id: UUID().uuidString.lowercased(), derivation: derivation, salt: salt, keySize: 32,
            counter: counter, ciphertext: ciphertext, mac: Self.mac(derived, ciphertext))
    }

    /// The private key. A key of fewer than 32 bytes, as some old programs wrote, gets zeros in front.
    ///
    /// - Throws: `.wrongPassword`; `.noPrivateKey` and `.otherAddress` for a file that was made wrong; `.outOfMemory`.
    public func open(password: [UInt8]) throws(KeystoreError) -> PrivateKey {
        try derivation.check()
        let derived = try derivation.key(password: password, salt: salt, count: keySize)
        guard Self.isEqual(Self.mac(derived, ciphertext), mac) else { throw .wrongPassword }
        guard ciphertext.count <= 32, let cipher = AES128(key: derived.prefix(AES128.size)),
            let secret = cipher.counterMode(ciphertext, counter: counter),
            let key = try? PrivateKey(bytes: [UInt8](repeating: 0, count: 32 - secret.count) + secret)
        else { throw .noPrivateKey }
        if let address, key.address != address { throw .otherAddress(got: key.address, expected: address) }
        return key
    }

    /// Keccak-256 of the second half of the key and the ciphertext.
    private static func mac(_ derived: [UInt8], _ ciphertext: [UInt8]) -> Hash32 {
        Keccak256.hash(derived[16..<32] + ciphertext)
    }

    /// Takes the same time wherever they differ.
    private static func isEqual(_ a: Hash32, _ b: Hash32) -> Bool {
        zip(a.bytes, b.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
