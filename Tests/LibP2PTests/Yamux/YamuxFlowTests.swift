import LibP2P
import NIOCore
import Testing

@Suite struct YamuxFlowTests {
    private let full = ByteBuffer(repeating: 1, count: YamuxLimits.initialWindow)

    @Test func windowIsExact() throws {
        let id = try yamuxID(1)
        var probe = YamuxProbe()
        #expect(probe.receive(.data(id, .syn, full)) == [.opened(id), .received(id, full)])
        try probe.expectEnd(.windowOverrun(id), probe.receive(.data(id, [], [1])))
    }

    @Test func updateComesWithHalfOfTheWindow() throws {
        let id = try yamuxID(1)
        var probe = YamuxProbe()
        _ = probe.receive(.data(id, .syn, full))
        _ = try probe.session.consume(131_071, of: id, at: .zero)
        #expect(try probe.frames() == [.windowUpdate(id, .ack, delta: 0)])
        _ = try probe.session.consume(1, of: id, at: .zero)
        _ = try probe.session.consume(5, of: id, at: .zero)
        #expect(try probe.frames() == [.windowUpdate(id, [], delta: 131_077)])
        #expect(probe.receive(.data(id, [], ByteBuffer(repeating: 2, count: 131_077))).count == 1)
        try probe.expectEnd(.windowOverrun(id), probe.receive(.data(id, [], [1])))
    }

    /// What the peer was not told does not count.
    @Test func windowGrowsOnlyWhenTheUpdateIsSent() throws {
        let id = try yamuxID(1)
        var probe = YamuxProbe()
        _ = probe.receive(.data(id, .syn, full))
        _ = try probe.session.consume(full.readableBytes, of: id, at: .zero)
        try probe.expectEnd(.windowOverrun(id), probe.receive(.data(id, [], [1])))
    }

    @Test func noUpdateAfterThePeerFinished() throws {
        let id = try yamuxID(1)
        var probe = YamuxProbe()
        _ = probe.receive(.data(id, .syn, full))
        _ = try probe.session.consume(full.readableBytes, of: id, at: .zero)
        #expect(probe.receive(.data(id, .fin, [])) == [.finished(id)])
        #expect(try probe.frames() == [.windowUpdate(id, .ack, delta: 0)])
    }

    /// Short pieces are joined and long ones are not; the order is that of the writes.
    @Test func piecesOfAnyLengthAreSentInOrder() throws {
        var limits = YamuxLimits()
        limits.sentFrame = 5000
        var probe = YamuxProbe(.dialer, limits)
        let id = try probe.session.open(at: .zero)
        var all: [UInt8] = []
        for (number, length) in [1, 4096, 4097, 2, 3, 20_000, 4096, 0, 4096, 7, 60_000, 1].enumerated() {
            let piece = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* (number + 3)) }
            try probe.session.write(piece, to: id)
            all += piece
            if number == 5 {
                let sent = try sentBytes(probe.frames())
                #expect(sent == all)
                all = []
            }
        }
        #expect(try sentBytes(probe.frames()) == all)
    }

    private func sentBytes(_ frames: [YamuxFrame]) -> [UInt8] {
        frames.flatMap { if case .data(_, _, let bytes) = $0 { Array(bytes.readableBytesView) } else { [UInt8]() } }
    }

    @Test func sendsNoMoreThanTheWindow() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        try probe.session.write(Array(full.readableBytesView) + [2, 3], to: id)
        try probe.session.finish(id)
        let frames = try probe.frames()
        #expect(sentBytes(frames) == Array(full.readableBytesView))
        #expect(frames.allSatisfy { $0.encoded.count <= NoiseFrame.maximumPlaintext })
        #expect(try probe.frames() == [])
        _ = probe.receive(.windowUpdate(id, .ack, delta: 1))
        #expect(try probe.frames() == [.data(id, [], [2])])
        _ = probe.receive(.windowUpdate(id, [], delta: 10))
        #expect(try probe.frames() == [.data(id, .fin, [3])])
    }

    @Test func finNeedsNoWindow() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        try probe.session.write(Array(full.readableBytesView), to: id)
        _ = try probe.frames()
        try probe.session.finish(id)
        #expect(try probe.frames() == [.data(id, .fin, [])])
    }

    @Test func streamsTakeTurns() throws {
        var limits = YamuxLimits()
        limits.sentFrame = 16_384
        var probe = YamuxProbe(.dialer, limits)
        let ids = try (0..<3).map { _ in try probe.session.open(at: .zero) }
        for id in ids { try probe.session.write([UInt8](repeating: 0, count: 40_000), to: id) }
        let order = try probe.frames().compactMap { frame -> UInt32? in
            if case .data(let id, _, _) = frame { id.value } else { nil }
        }
        #expect(order == [1, 3, 5, 1, 3, 5, 1, 3, 5])
    }

    @Test func answersComeBeforeData() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        try probe.session.write(Array(full.readableBytesView), to: id)
        _ = probe.session.nextOutput(at: .zero)
        _ = probe.session.nextOutput(at: .zero)
        _ = probe.receive(.ping(9))
        #expect(probe.session.nextOutput(at: .zero)?.bytes == YamuxFrame.pong(9).encoded)
    }

    /// A window that is used up within four round trips doubles, up to its maximum and the budget of all.
    @Test func windowFollowsTheRoundTrip() throws {
        var limits = YamuxLimits()
        limits.maximumWindow = 1024 * 1024
        #expect(try grants(limits, every: .milliseconds(100)) == [512, 1024, 1024, 1024, 1024].map { $0 * 1024 })
        limits.windowBudget = 600 * 1024
        #expect(try grants(limits, every: .milliseconds(100)).last == 600 * 1024)
        #expect(try grants(YamuxLimits(), every: .milliseconds(400)).allSatisfy { $0 == full.readableBytes })
        #expect(
            try grants(YamuxLimits(), every: .milliseconds(1), roundTrip: nil).allSatisfy { $0 == full.readableBytes })
    }

    /// Uses the whole window again and again; the window after each update.
    private func grants(
        _ limits: YamuxLimits, every interval: Duration, roundTrip: Duration? = .milliseconds(100)
    ) throws -> [Int] {
        let id = try yamuxID(1)
        var probe = YamuxProbe(.listener, limits)
        if let roundTrip {
            _ = probe.session.tick(at: .zero)
            probe.now = roundTrip
            #expect(probe.receive(.pong(1)) == [.roundTrip(roundTrip)])
        }
        _ = probe.receive(.windowUpdate(id, .syn, delta: 0))
        var credit = full.readableBytes
        var windows: [Int] = []
        for _ in 0..<5 {
            _ = probe.receive(.data(id, [], ByteBuffer(repeating: 0, count: credit)))
            probe.now += interval
            _ = try probe.session.consume(credit, of: id, at: probe.now)
            guard case .windowUpdate(_, _, let delta) = try probe.frames().last else { return windows }
            credit = Int(delta)
            windows.append(credit)
        }
        return windows
    }
}
