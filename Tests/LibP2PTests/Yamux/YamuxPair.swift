import LibP2P
import PoAITestSupport
import Testing

/// Stream number of a test; zero would be a mistake in the test.
func yamuxID(_ value: UInt32) throws -> YamuxStreamID { try #require(YamuxStreamID(value)) }

/// Two sessions joined in memory: 0 is the dialer, 1 the listener. Checks invariants after every so many steps.
struct YamuxPair {
    private(set) var sessions: [YamuxSession]
    /// Bytes on the way from each side.
    private var wire: [[UInt8]] = [[], []]
    var now = Duration.zero
    private let checkEvery: Int
    private var steps = 0

    init(_ limits: YamuxLimits = YamuxLimits(), checkEvery: Int = 1) {
        self.checkEvery = checkEvery
        sessions = [.init(role: .dialer, limits: limits, at: .zero), .init(role: .listener, limits: limits, at: .zero)]
    }

    mutating func with<Result>(_ side: Int, _ body: (inout YamuxSession, Duration) throws -> Result) rethrows -> Result
    {
        steps += 1
        defer { if steps % checkEvery == 0 { #expect(sessions[side].brokenInvariants == []) } }
        return try body(&sessions[side], now)
    }

    /// One frame of a side goes on the wire. Nil: it has none.
    mutating func send(from side: Int) -> [YamuxAction]? {
        guard let output = with(side, { $0.nextOutput(at: $1) }) else { return nil }
        wire[side] += output.bytes
        return output.actions
    }

    /// The other side gets bytes that are on the wire, at most so many.
    mutating func deliver(from side: Int, most: Int = .max) -> [YamuxAction] {
        let bytes = Array(wire[side].prefix(most))
        wire[side].removeFirst(bytes.count)
        return with(1 - side) { $0.receive(bytes, at: $1) }
    }

    /// Sends and delivers until nothing moves; the owner of a side gets every action and may use the session.
    mutating func settle(_ handle: (Int, YamuxAction, inout YamuxSession) throws -> Void = { _, _, _ in }) rethrows {
        var moved = true
        while moved {
            moved = false
            for side in 0..<2 {
                while let actions = send(from: side) {
                    moved = true
                    try dispatch(actions, to: side, handle)
                }
                try dispatch(deliver(from: side), to: 1 - side, handle)
            }
        }
    }

    private mutating func dispatch(
        _ actions: [YamuxAction], to side: Int, _ handle: (Int, YamuxAction, inout YamuxSession) throws -> Void
    ) rethrows {
        for action in actions { try with(side) { session, _ in try handle(side, action, &session) } }
    }
}

/// One session whose peer is the test: raw frames in, frames out.
struct YamuxProbe {
    var session: YamuxSession
    var now = Duration.zero

    init(_ role: YamuxRole = .listener, _ limits: YamuxLimits = YamuxLimits()) {
        session = YamuxSession(role: role, limits: limits, at: .zero)
    }

    mutating func receive(_ frames: YamuxFrame...) -> [YamuxAction] {
        defer { #expect(session.brokenInvariants == []) }
        return session.receive(frames.flatMap(\.encoded), at: now)
    }

    /// All that the session has to send.
    mutating func frames() throws -> [YamuxFrame] {
        var decoder = YamuxFrameDecoder(maximumLength: 1 << 24)
        while let output = session.nextOutput(at: now) { decoder.append(output.bytes) }
        var frames: [YamuxFrame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        #expect(decoder.bufferedBytes == 0)
        #expect(session.brokenInvariants == [])
        return frames
    }

    /// Expects that the session ended because of that and says so to the peer with its last frame.
    mutating func expectEnd(_ violation: YamuxViolation, _ actions: [YamuxAction]) throws {
        #expect(actions.last == .ended(.violation(violation)))
        #expect(session.end == .violation(violation))
        #expect(try frames() == [.goAway(.protocolError)])
        #expect(receive(.ping(1)) == [])
        #expect(try frames() == [])
    }
}
