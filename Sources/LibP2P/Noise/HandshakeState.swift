import Crypto
import Foundation

/// Which side of a connection this is.
public enum NoiseRole: Sendable {
    /// Who dialled; sends the first message.
    case initiator
    /// Who was dialled.
    case responder
}

/// The handshake Noise_XX_25519_ChaChaPoly_SHA256 with any payloads (Noise revision 34, sections 5.3 and 7.5):
///
///     → e
///     ← e, ee, s, es
///     → s, se
package struct HandshakeState: Sendable {
    package typealias KeyPair = Curve25519.KeyAgreement.PrivateKey

    private enum Token { case e, s, ee, es, se }

    private static let pattern: [[Token]] = [[.e], [.e, .ee, .s, .es], [.s, .se]]
    private static let keyLength = 32

    private let role: NoiseRole
    private let staticKey: KeyPair
    private let ephemeral: KeyPair
    private var symmetric = SymmetricState(protocolName: "Noise_XX_25519_ChaChaPoly_SHA256")
    private var messages = 0
    private var remoteEphemeral: [UInt8] = []

    /// The other side's Noise key; empty until it came.
    package private(set) var remoteStatic: [UInt8] = []

    /// `ephemeral` has to be fresh; only tests choose it.
    package init(_ role: NoiseRole, staticKey: KeyPair, ephemeral: KeyPair = KeyPair(), prologue: [UInt8] = []) {
        self.role = role
        self.staticKey = staticKey
        self.ephemeral = ephemeral
        symmetric.mixHash(prologue)
    }

    /// Whether the next message is this side's to write.
    package var isOwnTurn: Bool { !isComplete && (messages % 2 == 0) == (role == .initiator) }
    /// Whether all three messages are done.
    package var isComplete: Bool { messages == Self.pattern.count }
    /// The hash of all of the handshake, equal on both sides.
    package var hash: [UInt8] { symmetric.hash }

    /// The next message, with `payload`.
    /// - Throws: `outOfOrder`, `tooLong`, `zeroSharedSecret`.
    package mutating func write(_ payload: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard isOwnTurn else { throw .outOfOrder }
        var message: [UInt8] = []
        for token in Self.pattern[messages] {
            switch token {
            case .e:
                let key = Array(ephemeral.publicKey.rawRepresentation)
                message += key
                symmetric.mixHash(key)
            case .s: message += try symmetric.encryptAndHash(Array(staticKey.publicKey.rawRepresentation))
            case .ee, .es, .se: symmetric.mixKey(try sharedSecret(token))
            }
        }
        message += try symmetric.encryptAndHash(payload)
        guard message.count <= NoiseFrame.maximumLength else { throw .tooLong }
        messages += 1
        return message
    }

    /// The payload of the next message.
    /// - Throws: `outOfOrder`, `tooLong`, `truncated`, `decryptionFailed`, `zeroSharedSecret`.
    package mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard !isOwnTurn, !isComplete else { throw .outOfOrder }
        guard message.count <= NoiseFrame.maximumLength else { throw .tooLong }
        var reader = ByteReader(message[...])
        for token in Self.pattern[messages] {
            switch token {
            case .e:
                guard let key = reader.take(UInt64(Self.keyLength)) else { throw .truncated }
                remoteEphemeral = Array(key)
                symmetric.mixHash(remoteEphemeral)
            case .s:
                let length = Self.keyLength + (symmetric.hasKey ? CipherState.tagLength : 0)
                guard let key = reader.take(UInt64(length)) else { throw .truncated }
                remoteStatic = try symmetric.decryptAndHash(Array(key))
            case .ee, .es, .se: symmetric.mixKey(try sharedSecret(token))
            }
        }
        let payload = try symmetric.decryptAndHash(Array(reader.rest))
        messages += 1
        return payload
    }

    /// The ciphers of what follows a complete handshake.
    package func split() -> (send: CipherState, receive: CipherState) {
        precondition(isComplete, "keys follow from the whole handshake")
        let (initiator, responder) = symmetric.split()
        return role == .initiator ? (initiator, responder) : (responder, initiator)
    }

    /// The result of X25519 between the two keys that a token names, the initiator's first.
    private func sharedSecret(_ token: Token) throws(NoiseError) -> [UInt8] {
        let ownIsEphemeral = token == .ee || (token == .es) == (role == .initiator)
        let remoteIsEphemeral = token == .ee || (token == .se) == (role == .initiator)
        let own = ownIsEphemeral ? ephemeral : staticKey
        let remote = remoteIsEphemeral ? remoteEphemeral : remoteStatic
        guard let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: remote),
            let secret = try? own.sharedSecretFromKeyAgreement(with: key)
        else { throw .zeroSharedSecret }
        let bytes = secret.withUnsafeBytes { Array($0) }
        guard bytes.reduce(0, |) != 0 else { throw .zeroSharedSecret }
        return bytes
    }
}
