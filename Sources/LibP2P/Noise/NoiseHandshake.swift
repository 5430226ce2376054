import Crypto
import Foundation
import NIOCore

/// What a handshake has its caller do.
public enum NoiseAction: Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// The handshake is done; nothing may be given to its state machine from here on.
    case established(NoiseConnection)
}

/// A connection whose both ends are known.
public struct NoiseConnection: Sendable {
    /// The key of the other side.
    public let remoteKey: PublicKey
    /// The stream muxer that both sides agreed on within the handshake; nil means multistream-select goes on.
    public let streamMuxer: String?
    /// Encrypts and decrypts.
    public var session: NoiseSession
    /// Bytes of the peer that came with the handshake's last ones, still encrypted: the first for `session` to open.
    public let leftOver: [UInt8]

    /// Who the other side is.
    public var remotePeer: PeerID { remoteKey.peerID }
}

/// The libp2p handshake over a connection on which `/noise` was agreed. After an error the connection is of no use.
public struct NoiseHandshake: Sendable {
    private let role: NoiseRole
    private let identity: NodeKey
    private let expected: PeerID?
    private let streamMuxers: [String]
    private let noiseKey: HandshakeState.KeyPair
    private var handshake: HandshakeState
    private var buffer = NoiseFrameBuffer()
    private var failed = false

    /// A side of a handshake with a Noise key of its own. `expected` is who was dialled, when that is known;
    /// `streamMuxers` are offered within the handshake, first choice first, none for none.
    public init(_ role: NoiseRole, identity: NodeKey, expected: PeerID? = nil, streamMuxers: [String] = []) {
        self.role = role
        self.identity = identity
        self.expected = expected
        self.streamMuxers = streamMuxers
        noiseKey = HandshakeState.KeyPair()
        handshake = HandshakeState(role, staticKey: noiseKey)
    }

    /// The initiator's first bytes; none from a responder. To be called once.
    /// - Throws: `outOfOrder`.
    public mutating func start() throws(NoiseError) -> [UInt8] {
        role == .initiator ? NoiseFrame.encode(try handshake.write([])) : []
    }

    /// Takes bytes of the peer, cut anywhere.
    /// - Throws: `NoiseError`.
    public mutating func receive(_ bytes: [UInt8]) throws(NoiseError) -> [NoiseAction] {
        guard !failed, !handshake.isComplete else { throw .outOfOrder }
        buffer.append(ByteBuffer(bytes: bytes))
        var actions: [NoiseAction] = []
        do throws(NoiseError) {
            while !handshake.isComplete, let message = buffer.next() {
                try take(Array(message.readableBytesView), &actions)
            }
        } catch {
            failed = true
            throw error
        }
        return actions
    }

    private mutating func take(_ message: [UInt8], _ actions: inout [NoiseAction]) throws(NoiseError) {
        let payload = try handshake.read(message)
        // The first message's payload is not encrypted and says nothing about who sent it.
        guard !handshake.remoteStatic.isEmpty else {
            actions.append(.send(NoiseFrame.encode(try handshake.write(ownPayload()))))
            return
        }
        let remote = try NoiseIdentity(payload: payload, noiseKey: handshake.remoteStatic)
        if let expected, remote.key.peerID != expected {
            throw .unexpectedPeer(remote.key.peerID, expected: expected)
        }
        if role == .initiator { actions.append(.send(NoiseFrame.encode(try handshake.write(ownPayload())))) }
        let (sending, receiving) = handshake.split()
        actions.append(
            .established(
                NoiseConnection(
                    remoteKey: remote.key, streamMuxer: agreedMuxer(remote.streamMuxers ?? []),
                    session: NoiseSession(sending: sending, receiving: receiving), leftOver: buffer.takeRest())))
    }

    private func ownPayload() -> [UInt8] {
        NoiseIdentity.encode(
            identity, noiseKey: Array(noiseKey.publicKey.rawRepresentation), streamMuxers: streamMuxers)
    }

    /// The first of the initiator's list that the responder has too.
    private func agreedMuxer(_ remote: [String]) -> String? {
        let (first, second) = role == .initiator ? (streamMuxers, remote) : (remote, streamMuxers)
        return first.first { name in second.contains { $0.utf8.elementsEqual(name.utf8) } }
    }
}
