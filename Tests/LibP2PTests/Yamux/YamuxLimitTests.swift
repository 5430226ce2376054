import LibP2P
import NIOCore
import Testing

@Suite struct YamuxLimitTests {
    @Test func refusesStreamsBeyondTheBacklog() throws {
        var probe = YamuxProbe()
        for number in 0..<256 {
            let id = try yamuxID(UInt32(number * 2 + 1))
            #expect(probe.receive(.windowUpdate(id, .syn, delta: 0)) == [.opened(id)])
        }
        let refused = try yamuxID(513)
        #expect(probe.receive(.data(refused, .syn, [1])) == [])
        #expect(try probe.frames() == [.windowUpdate(refused, .rst, delta: 0)])
        #expect(probe.receive(.data(refused, [], [1])) == [])
        try probe.session.accept(try yamuxID(1))
        let next = try yamuxID(515)
        #expect(probe.receive(.windowUpdate(next, .syn, delta: 0)) == [.opened(next)])
    }

    @Test func refusesStreamsBeyondTheLimit() throws {
        var limits = YamuxLimits()
        limits.inboundStreams = 3
        var probe = YamuxProbe(.listener, limits)
        for number in [1, 3, 5] as [UInt32] {
            _ = probe.receive(.windowUpdate(try yamuxID(number), .syn, delta: 0))
            try probe.session.accept(try yamuxID(number))
        }
        #expect(probe.receive(.windowUpdate(try yamuxID(7), .syn, delta: 0)) == [])
        #expect(probe.session.streamCount == 3)
        _ = probe.receive(.windowUpdate(try yamuxID(1), .rst, delta: 0))
        #expect(probe.receive(.windowUpdate(try yamuxID(9), .syn, delta: 0)) == [.opened(try yamuxID(9))])
    }

    @Test func opensNoMoreThanThePeerAccepts() throws {
        var probe = YamuxProbe(.dialer)
        let ids = try (0..<256).map { _ in try probe.session.open(at: .zero) }
        #expect(throws: YamuxError.acknowledgementBacklog) { try probe.session.open(at: .zero) }
        #expect(probe.receive(.windowUpdate(ids[7], .ack, delta: 0)) == [.accepted(ids[7])])
        #expect(try probe.session.open(at: .zero).value == 513)
        #expect(throws: YamuxError.acknowledgementBacklog) { try probe.session.open(at: .zero) }
        #expect(probe.receive(.windowUpdate(ids[8], .rst, delta: 0)) == [.reset(ids[8], .peer)])
        #expect(try probe.session.open(at: .zero).value == 515)
        var limits = YamuxLimits()
        limits.outboundStreams = 2
        probe = YamuxProbe(.dialer, limits)
        for _ in 0..<2 { _ = try probe.session.open(at: .zero) }
        #expect(throws: YamuxError.streams) { try probe.session.open(at: .zero) }
    }

    @Test func synFloodEndsTheSession() throws {
        var probe = YamuxProbe()
        var actions: [YamuxAction] = []
        var number: UInt32 = 1
        while probe.session.end == nil, number < 100_000 {
            actions = probe.receive(.windowUpdate(try yamuxID(number), .syn, delta: 0))
            number += 2
        }
        #expect(number == 1 + 2 * (256 + 512 + 1))
        try probe.expectEnd(.pendingAnswers, actions)
    }

    @Test func openingAndResettingEndsTheSession() throws {
        var probe = YamuxProbe()
        var actions: [YamuxAction] = []
        for number in 0..<8193 where probe.session.end == nil {
            let id = try yamuxID(UInt32(number * 2 + 1))
            actions = probe.receive(.windowUpdate(id, .syn, delta: 0), .windowUpdate(id, .rst, delta: 0))
        }
        try probe.expectEnd(.nuisances, actions)
    }

    @Test func pingFloodEndsTheSessionUnlessItIsSlow() throws {
        var probe = YamuxProbe()
        for value in 0..<512 { #expect(probe.receive(.ping(UInt32(value))) == []) }
        #expect(try probe.frames() == (0..<512).map { .pong($0) })
        for value in 0..<512 { _ = probe.receive(.ping(UInt32(value))) }
        try probe.expectEnd(.pendingAnswers, probe.receive(.ping(0)))
        probe = YamuxProbe()
        for step in 0..<20_000 {
            probe.now = .milliseconds(10 * step)
            #expect(probe.receive(.ping(1)) == [])
            #expect(probe.session.nextOutput(at: probe.now)?.bytes == YamuxFrame.pong(1).encoded)
        }
        for _ in 0..<8192 where probe.session.end == nil {
            _ = probe.receive(.ping(1))
            _ = probe.session.nextOutput(at: probe.now)
        }
        #expect(probe.session.end == .violation(.nuisances))
    }

    @Test func emptyFramesEndTheSession() throws {
        let id = try yamuxID(1)
        for frame in [YamuxFrame.data(id, [], []), .windowUpdate(id, [], delta: 0), .pong(5)] {
            var probe = YamuxProbe()
            _ = probe.receive(.windowUpdate(id, .syn, delta: 0))
            for _ in 0..<8192 { #expect(probe.receive(frame) == []) }
            try probe.expectEnd(.nuisances, probe.receive(frame))
        }
    }

    @Test func skippedNumbersAreBounded() throws {
        var probe = YamuxProbe()
        #expect(probe.receive(.windowUpdate(try yamuxID(1025), .syn, delta: 0)) == [.opened(try yamuxID(1025))])
        #expect(probe.receive(.windowUpdate(try yamuxID(1027), .syn, delta: 0)) == [.opened(try yamuxID(1027))])
        try probe.expectEnd(.skippedStreams, probe.receive(.windowUpdate(try yamuxID(1031), .syn, delta: 0)))
        probe = YamuxProbe()
        try probe.expectEnd(.skippedStreams, probe.receive(.windowUpdate(try yamuxID(.max), .syn, delta: 0)))
    }

    @Test func unconsumedBytesResetTheStreamThatGoesBeyond() throws {
        var limits = YamuxLimits()
        limits.unconsumedBytes = 1000
        var probe = YamuxProbe(.listener, limits)
        let first = try yamuxID(1)
        let second = try yamuxID(3)
        _ = probe.receive(.data(first, .syn, ByteBuffer(repeating: 1, count: 600)))
        let bytes = ByteBuffer(repeating: 2, count: 400)
        #expect(probe.receive(.data(second, .syn, bytes)) == [.opened(second), .received(second, bytes)])
        #expect(probe.receive(.data(second, [], [3])) == [.reset(second, .unconsumedBytes)])
        #expect(try probe.frames() == [.windowUpdate(second, .rst, delta: 0)])
        #expect(probe.receive(.data(first, [], [4])) == [.received(first, [4])])
    }

    @Test func sendBuffersAreBounded() throws {
        var limits = YamuxLimits()
        limits.streamSendBuffer = 100
        limits.sessionSendBuffer = 150
        var probe = YamuxProbe(.dialer, limits)
        let ids = try (0..<2).map { _ in try probe.session.open(at: .zero) }
        #expect(throws: YamuxError.sendBuffer) {
            try probe.session.write([UInt8](repeating: 0, count: 101), to: ids[0])
        }
        try probe.session.write([UInt8](repeating: 0, count: 100), to: ids[0])
        #expect(probe.session.writableBytes(ids[0]) == 0)
        #expect(probe.session.writableBytes(ids[1]) == 50)
        #expect(throws: YamuxError.sendBuffer) { try probe.session.write([UInt8](repeating: 0, count: 51), to: ids[1]) }
        var actions: [YamuxAction] = []
        while let output = probe.session.nextOutput(at: .zero) { actions += output.actions }
        #expect(actions == [.writable(ids[0])])
        #expect(probe.session.writableBytes(ids[1]) == 100)
    }
}
