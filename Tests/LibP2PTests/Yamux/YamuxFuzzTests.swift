import LibP2P
import NIOCore
import PoAITestSupport
import Testing

@Suite struct YamuxFuzzTests {
    /// Frames that are mostly legal, of a peer that follows no plan, in pieces. Whatever comes, the invariants hold, the
    /// session never asks for more than its limits, and after its end it stays silent.
    @Test(arguments: UInt64(0)..<60) func sessionSurvivesAnyFrames(seed: UInt64) throws {
        var random = DeterministicRandom(seed: seed)
        var limits = YamuxLimits()
        limits.inboundStreams = 20
        limits.skippedStreams = 8
        limits.unconsumedBytes = 600_000
        limits.nuisances = 200
        var session = YamuxSession(role: random.below(2) == 0 ? .dialer : .listener, limits: limits, at: .zero)
        var now = Duration.zero
        var ended = 0
        for _ in 0..<500 {
            now += .milliseconds(random.below(50))
            let bytes = random.below(100) == 0 ? random.bytes(random.below(30)) : try frame(&random).encoded
            let cut = random.below(bytes.count + 1)
            for part in [bytes.prefix(cut), bytes.suffix(bytes.count - cut)] {
                for action in session.receive(Array(part), at: now) {
                    #expect(ended == 0)
                    if case .ended = action { ended += 1 }
                    try use(action, &session, now, &random)
                }
                #expect(session.brokenInvariants == [])
            }
            for _ in 0..<random.below(3) { _ = session.nextOutput(at: now) }
            if random.below(30) == 0, let id = try? session.open(at: now) { try session.write([1], to: id) }
            _ = session.tick(at: now)
            #expect(session.brokenInvariants == [])
        }
        #expect((session.end != nil) == (ended == 1))
    }

    private func use(
        _ action: YamuxAction, _ session: inout YamuxSession, _ now: Duration, _ random: inout DeterministicRandom
    ) throws {
        guard case .received(let id, let bytes) = action, random.below(2) == 0 else { return }
        do { _ = try session.consume(bytes.readableBytes, of: id, at: now) } catch { #expect(error != .consumed) }
    }

    private func frame(_ random: inout DeterministicRandom) throws -> YamuxFrame {
        let id = try yamuxID(UInt32(1 + random.below(random.below(10) == 0 ? 60 : 12)))
        let flags = YamuxFlags(rawValue: [0, 0, 0, 1, 1, 1, 4, 8, 2, 5][random.below(10)])
        switch random.below(12) {
        case 0..<6:
            return .data(id, flags, ByteBuffer(repeating: 7, count: random.below(random.below(4) == 0 ? 90_000 : 50)))
        case 6..<10: return .windowUpdate(id, flags, delta: UInt32(random.below(300_000)))
        case 10: return .ping(UInt32(random.below(9)))
        default: return random.below(20) == 0 ? .goAway(.normal) : .pong(1)
        }
    }

    @Test func sessionSurvivesAnyBytes() {
        var random = DeterministicRandom(seed: 5)
        var ended = 0
        for _ in 0..<2000 {
            var session = YamuxSession(role: .listener, at: .zero)
            for _ in 0..<4 {
                var bytes = random.bytes(random.below(40))
                for index in bytes.indices where random.below(4) != 0 { bytes[index] = UInt8(random.below(3)) }
                _ = session.receive(bytes, at: .zero)
                #expect(session.brokenInvariants == [])
            }
            ended += session.end == nil ? 0 : 1
        }
        #expect(ended > 100 && ended < 2000)
    }
}
