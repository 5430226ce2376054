/// The side of a negotiation that a role takes: who dialled proposes.
enum MultistreamSide: Sendable {
    case dialer(MultistreamDialer)
    case listener(MultistreamListener)

    init(_ role: NoiseRole, _ protocols: [String]) {
        self =
            role == .initiator ? .dialer(MultistreamDialer(protocols)) : .listener(MultistreamListener(protocols))
    }

    mutating func start() -> [UInt8] {
        switch self {
        case .dialer(var dialer):
            defer { self = .dialer(dialer) }
            return dialer.start()
        case .listener(var listener):
            defer { self = .listener(listener) }
            return listener.start()
        }
    }

    /// Takes bytes of the peer, has `send` send the answers, and returns the agreement when there is one.
    mutating func receive(
        _ bytes: [UInt8], send: ([UInt8]) -> Void
    ) throws(MultistreamError) -> (name: String, leftOver: [UInt8])? {
        var agreement: (String, [UInt8])?
        for action in try step(bytes) {
            switch action {
            case .send(let answer): send(answer)
            case .agreed(let name, let leftOver): agreement = (name, leftOver)
            }
        }
        return agreement
    }

    private mutating func step(_ bytes: [UInt8]) throws(MultistreamError) -> [MultistreamAction] {
        switch self {
        case .dialer(var dialer):
            defer { self = .dialer(dialer) }
            return try dialer.receive(bytes)
        case .listener(var listener):
            defer { self = .listener(listener) }
            return try listener.receive(bytes)
        }
    }
}
