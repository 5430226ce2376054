import LibP2P
import Testing

/// Two sides of a libp2p Noise handshake that are given each other's bytes.
struct NoiseTalk {
    var initiator: NoiseHandshake
    var responder: NoiseHandshake
    private(set) var ofInitiator: NoiseConnection?
    private(set) var ofResponder: NoiseConnection?

    init(
        _ initiatorKey: NodeKey = NodeKey(), _ responderKey: NodeKey = NodeKey(), expected: PeerID? = nil,
        muxers: ([String], [String]) = ([], [])
    ) {
        initiator = NoiseHandshake(.initiator, identity: initiatorKey, expected: expected, streamMuxers: muxers.0)
        responder = NoiseHandshake(.responder, identity: responderKey, streamMuxers: muxers.1)
    }

    /// Carries bytes in pieces until nobody says anything more. `change` is what happens to each side's message, counted
    /// from 0, on its way; `trailing` comes right after the initiator's last message.
    mutating func run(
        piece: Int = .max, trailing: [UInt8] = [], change: (Int, [UInt8]) -> [UInt8] = { $1 }
    ) throws {
        var toResponder = change(0, try initiator.start())
        #expect(try responder.start().isEmpty)
        var toInitiator: [UInt8] = []
        for bytes in pieces(of: toResponder, piece) {
            for case .send(let answer) in try responder.receive(bytes) { toInitiator += change(1, answer) }
        }
        toResponder = []
        for bytes in pieces(of: toInitiator, piece) {
            for action in try initiator.receive(bytes) {
                switch action {
                case .send(let answer): toResponder += change(2, answer)
                case .established(let connection): ofInitiator = connection
                }
            }
        }
        let last = pieces(of: toResponder, piece)
        for (index, bytes) in last.enumerated() {
            for case .established(let connection) in try responder.receive(
                index == last.count - 1 ? bytes + trailing : bytes)
            {
                ofResponder = connection
            }
        }
    }

    private func pieces(of bytes: [UInt8], _ length: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: min(length, max(1, bytes.count))).map {
            Array(bytes[$0...].prefix(length))
        }
    }
}
