/// Why a connection is not upgraded. The connection is of no use any more.
public enum UpgradeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The choice of the security protocol or of the muxer failed.
    case negotiation(MultistreamError)
    /// The handshake, or what it encrypts, failed.
    case noise(NoiseError)
    /// The upgrade has ended already.
    case finished

    /// One line for a person.
    public var description: String {
        switch self {
        case .negotiation(let error): error.description
        case .noise(let error): error.description
        case .finished: "the upgrade has ended"
        }
    }
}

/// A connection that is encrypted, whose other end is known, and whose muxer is agreed.
public struct UpgradedConnection: Sendable {
    /// The key of the other side.
    public let remoteKey: PublicKey
    /// The protocol name of the agreed stream muxer.
    public let streamMuxer: String
    /// Encrypts and decrypts all bytes from here on.
    public var session: NoiseSession
    /// Decrypted bytes of the peer that came already: the muxer's first.
    public let leftOver: [UInt8]

    /// Who the other side is.
    public var remotePeer: PeerID { remoteKey.peerID }
}

/// What an upgrade has its caller do.
public enum UpgradeAction: Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// The upgrade is done; nothing may be given to its state machine from here on.
    case upgraded(UpgradedConnection)
}

/// All steps from a new byte stream to a stream muxer, as one state machine, so that no byte is lost between two of them:
/// multistream-select for `/noise`, the handshake, and, unless that agreed on the muxer, multistream-select within it.
public struct ConnectionUpgrade: Sendable {
    /// The one security protocol that is offered.
    public static let noise = "/noise"

    private enum Stage {
        case security(MultistreamSide)
        case handshake(NoiseHandshake)
        case muxer(MultistreamSide, NoiseConnection)
        case finished
    }

    private let role: NoiseRole
    private let identity: NodeKey
    private let expected: PeerID?
    private let muxers: [String]
    private let offersEarlyMuxer: Bool
    private var stage: Stage

    /// A side of an upgrade. `expected` is who was dialled, when that is known; `muxers` are protocol names of at least
    /// one stream muxer, first choice first. Without `offersEarlyMuxer` the muxer is always agreed after the handshake.
    public init(
        _ role: NoiseRole, identity: NodeKey, expected: PeerID? = nil, muxers: [String], offersEarlyMuxer: Bool = true
    ) {
        self.role = role
        self.identity = identity
        self.expected = expected
        self.muxers = muxers
        self.offersEarlyMuxer = offersEarlyMuxer
        stage = .security(MultistreamSide(role, [Self.noise]))
    }

    /// The first bytes of this side. To be called once.
    public mutating func start() -> [UInt8] {
        guard case .security(var side) = stage else { return [] }
        let bytes = side.start()
        stage = .security(side)
        return bytes
    }

    /// Takes bytes of the peer, cut anywhere.
    /// - Throws: `UpgradeError`.
    public mutating func receive(_ bytes: [UInt8]) throws(UpgradeError) -> [UpgradeAction] {
        var actions: [UpgradeAction] = []
        var input: [UInt8]? = bytes
        do {
            while let bytes = input { input = try advance(bytes, &actions) }
        } catch let error as MultistreamError {
            stage = .finished
            throw .negotiation(error)
        } catch let error as NoiseError {
            stage = .finished
            throw .noise(error)
        } catch {
            throw .finished
        }
        return actions
    }

    /// Gives `bytes` to the stage. Returns what the next stage has to take, nil when the stage needs more.
    private mutating func advance(_ bytes: [UInt8], _ actions: inout [UpgradeAction]) throws -> [UInt8]? {
        switch stage {
        case .security(var side):
            let agreement = try side.receive(bytes) { actions.append(.send($0)) }
            stage = .security(side)
            guard let agreement else { return nil }
            return try beginHandshake(agreement.leftOver, &actions)
        case .handshake(var handshake):
            let received = try handshake.receive(bytes)
            stage = .handshake(handshake)
            return try follow(received, &actions)
        case .muxer(var side, var connection):
            let plaintext = try connection.session.open(bytes)
            var own: [UInt8] = []
            let agreement = try side.receive(plaintext) { own += $0 }
            if !own.isEmpty { actions.append(.send(try connection.session.seal(own))) }
            stage = .muxer(side, connection)
            if let agreement { finish(connection, agreement.name, agreement.leftOver, &actions) }
            return nil
        case .finished: throw UpgradeError.finished
        }
    }

    private mutating func beginHandshake(_ leftOver: [UInt8], _ actions: inout [UpgradeAction]) throws -> [UInt8] {
        var handshake = NoiseHandshake(
            role, identity: identity, expected: expected, streamMuxers: offersEarlyMuxer ? muxers : [])
        let first = try handshake.start()
        if !first.isEmpty { actions.append(.send(first)) }
        stage = .handshake(handshake)
        return leftOver
    }

    private mutating func follow(_ received: [NoiseAction], _ actions: inout [UpgradeAction]) throws -> [UInt8]? {
        for action in received {
            switch action {
            case .send(let bytes): actions.append(.send(bytes))
            case .established(var connection):
                guard let muxer = connection.streamMuxer else {
                    var side = MultistreamSide(role, muxers)
                    actions.append(.send(try connection.session.seal(side.start())))
                    stage = .muxer(side, connection)
                    return connection.leftOver
                }
                let leftOver = try connection.session.open(connection.leftOver)
                finish(connection, muxer, leftOver, &actions)
            }
        }
        return nil
    }

    private mutating func finish(
        _ connection: NoiseConnection, _ muxer: String, _ leftOver: [UInt8], _ actions: inout [UpgradeAction]
    ) {
        stage = .finished
        actions.append(
            .upgraded(
                UpgradedConnection(
                    remoteKey: connection.remoteKey, streamMuxer: muxer, session: connection.session,
                    leftOver: leftOver)))
    }
}
