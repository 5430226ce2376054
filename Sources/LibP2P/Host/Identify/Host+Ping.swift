import NIOCore

extension Host {
    /// Protocol that echoes 32 bytes, again and again (https://github.com/libp2p/specs/blob/master/ping/ping.md).
    public static let pingProtocolName = "/ipfs/ping/1.0.0"
    private static let pingLength = 32

    /// The time that a peer takes to send 32 bytes back.
    /// - Throws: `StreamError`; `timedOut` after ten seconds, `malformed` when other bytes come back.
    public func ping(_ peer: PeerID) async throws(StreamError) -> Duration {
        guard let connection = connection(to: peer) else { throw .disconnected }
        let stream = try await open([Self.pingProtocolName], on: connection)
        defer { stream.reset() }
        let bytes = (0..<Self.pingLength).map { _ in UInt8.random(in: .min ... .max) }
        let start = ContinuousClock.now
        try await stream.within(.seconds(10)) { () async throws(StreamError) in
            try await stream.write(bytes)
            var answer: [UInt8] = []
            while answer.count < bytes.count, let more = try await stream.read() { answer += more }
            guard answer == bytes else { throw .malformed }
        }
        let roundTrip = ContinuousClock.now - start
        measured(roundTrip, of: connection.number)
        return roundTrip
    }

    static func answerPings(_ stream: any PeerStream) async throws(StreamError) {
        var held: [UInt8] = []
        while let bytes = try await stream.read() {
            held += bytes
            let whole = held.count / pingLength * pingLength
            guard whole > 0 else { continue }
            try await stream.write(Array(held.prefix(whole)))
            held.removeFirst(whole)
        }
        try await stream.finish()
    }
}
