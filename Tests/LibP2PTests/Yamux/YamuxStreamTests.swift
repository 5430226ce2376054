import LibP2P
import NIOCore
import Testing

@Suite struct YamuxStreamTests {
    @Test func opensWithASynAndAcceptsWithAnAck() throws {
        var pair = YamuxPair()
        let id = try pair.with(0) { session, now in try session.open(at: now) }
        #expect(id.value == 1)
        let other = try pair.with(1) { session, now in try session.open(at: now) }
        #expect(other.value == 2)
        var seen: [[YamuxAction]] = [[], []]
        try pair.settle { side, action, session in
            seen[side].append(action)
            if case .opened(let id) = action { try session.accept(id) }
        }
        #expect(seen[0] == [.opened(other), .accepted(id)])
        #expect(seen[1] == [.opened(id), .accepted(other)])
        let next = try pair.with(0) { session, now in try session.open(at: now) }
        #expect(next.value == 3)
    }

    @Test func firstFramesOnTheWire() throws {
        var dialer = YamuxProbe(.dialer)
        let id = try dialer.session.open(at: .zero)
        try dialer.session.write([1, 2, 3], to: id)
        #expect(try dialer.frames() == [.windowUpdate(id, .syn, delta: 0), .data(id, [], [1, 2, 3])])
        var listener = YamuxProbe(.listener)
        #expect(listener.receive(.data(id, .syn, [5])) == [.opened(id), .received(id, [5])])
        #expect(try listener.frames() == [])
        try listener.session.write([6], to: id)
        #expect(try listener.frames() == [.windowUpdate(id, .ack, delta: 0), .data(id, [], [6])])
    }

    @Test func halfClosedStreamStillCarriesDataTheOtherWay() throws {
        var pair = YamuxPair()
        let id = try pair.with(0) { session, now in try session.open(at: now) }
        try pair.with(0) { session, _ in
            try session.write([1], to: id)
            try session.finish(id)
            #expect(throws: YamuxError.finished) { try session.write([2], to: id) }
            #expect(throws: YamuxError.finished) { try session.finish(id) }
        }
        var seen: [[YamuxAction]] = [[], []]
        pair.settle { side, action, _ in seen[side].append(action) }
        #expect(seen[1] == [.opened(id), .received(id, [1]), .finished(id)])
        try pair.with(1) { session, now in
            #expect(try session.consume(1, of: id, at: now) == [])
            try session.write([3, 4], to: id)
        }
        pair.settle { side, action, _ in seen[side].append(action) }
        #expect(seen[0] == [.accepted(id), .received(id, [3, 4])])
        try pair.with(1) { session, _ in try session.finish(id) }
        pair.settle { side, action, _ in seen[side].append(action) }
        #expect(seen[1].last == .closed(id))
        #expect(seen[0].last == .finished(id))
        #expect(pair.sessions[0].streamCount == 1)
        #expect(try pair.with(0) { session, now in try session.consume(2, of: id, at: now) } == [.closed(id)])
        #expect(pair.sessions.map(\.streamCount) == [0, 0])
    }

    @Test func finWithoutDataAndOnAWindowUpdate() throws {
        let id = try yamuxID(1)
        for frame in [YamuxFrame.data(id, .fin, []), .windowUpdate(id, .fin, delta: 5)] {
            var probe = YamuxProbe()
            #expect(probe.receive(.data(id, .syn, [])) == [.opened(id)])
            #expect(probe.receive(frame) == [.finished(id)])
            #expect(probe.receive(frame) == [])
            try probe.session.finish(id)
            #expect(probe.session.streamCount == 1)
            #expect(try probe.frames().last == .data(id, .fin, []))
            #expect(probe.session.streamCount == 0)
        }
    }

    @Test func resetEndsAStreamOnBothSides() throws {
        let id = try yamuxID(1)
        for frame in [YamuxFrame.data(id, .rst, [7]), .windowUpdate(id, .rst, delta: .max)] {
            var probe = YamuxProbe()
            _ = probe.receive(.windowUpdate(id, .syn, delta: 0))
            try probe.session.write([1], to: id)
            #expect(probe.receive(frame) == [.reset(id, .peer)])
            #expect(throws: YamuxError.unknownStream) { try probe.session.write([1], to: id) }
            #expect(throws: YamuxError.unknownStream) { try probe.session.reset(id) }
            #expect(try probe.frames() == [.windowUpdate(id, .ack, delta: 0)])
        }
    }

    @Test func lateFramesOfAResetStreamAreIgnored() throws {
        var probe = YamuxProbe()
        let id = try yamuxID(1)
        _ = probe.receive(.windowUpdate(id, .syn, delta: 0))
        try probe.session.reset(id)
        #expect(try probe.frames() == [.windowUpdate(id, .rst, delta: 0)])
        #expect(probe.receive(.data(id, [], [1]), .windowUpdate(id, [], delta: 9), .data(id, .fin, [])) == [])
        #expect(probe.receive(.windowUpdate(id, .rst, delta: 0)) == [])
        #expect(probe.session.end == nil)
        #expect(try probe.frames() == [])
    }

    @Test func lateFramesOfAnOwnStreamAreIgnored() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        try probe.session.reset(id)
        #expect(probe.receive(.windowUpdate(id, .ack, delta: 0), .data(id, [], [1])) == [])
        #expect(try probe.frames() == [.windowUpdate(id, .syn, delta: 0), .windowUpdate(id, .rst, delta: 0)])
    }

    @Test func dataAcknowledgesTooAndOnlyOnce() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        #expect(probe.receive(.data(id, [], [1])) == [.accepted(id), .received(id, [1])])
        #expect(probe.receive(.windowUpdate(id, .ack, delta: 0)) == [])
    }

    @Test func streamsMayArriveOutOfOrder() throws {
        var probe = YamuxProbe()
        let ids = try [5, 1, 3, 7].map { try yamuxID($0) }
        for id in ids { #expect(probe.receive(.windowUpdate(id, .syn, delta: 0)) == [.opened(id)]) }
    }

    @Test func illegalFrames() throws {
        let odd = try yamuxID(1)
        let even = try yamuxID(2)
        let syn = YamuxFrame.windowUpdate(odd, .syn, delta: 0)
        let cases: [([YamuxFrame], YamuxViolation)] = [
            ([.windowUpdate(even, .syn, delta: 0)], .parity(even)),
            ([syn, syn], .reopened(odd)),
            ([syn, .data(odd, .rst, []), syn], .reopened(odd)),
            ([.data(odd, [], [1])], .neverOpened(odd)),
            ([.data(even, .rst, [])], .neverOpened(even)),
            ([.windowUpdate(try yamuxID(3), .syn, delta: 0), .data(odd, .fin, [])], .neverOpened(odd)),
            ([syn, .windowUpdate(odd, .ack, delta: 0)], .acknowledgedOwn(odd)),
            ([syn, .data(odd, .fin, []), .data(odd, [], [1])], .dataAfterFinish(odd)),
            ([syn, .data(odd, .fin, [4]), .data(odd, .fin, [1])], .dataAfterFinish(odd)),
            ([.windowUpdate(odd, .syn, delta: .max)], .windowOverflow(odd)),
            ([syn, .windowUpdate(odd, [], delta: .max - 262_143)], .windowOverflow(odd)),
            ([syn, .data(odd, [], ByteBuffer(repeating: 0, count: 262_145))], .windowOverrun(odd)),
        ]
        for (frames, violation) in cases {
            var probe = YamuxProbe()
            let actions = frames.flatMap { probe.receive($0) }
            try probe.expectEnd(violation, actions)
        }
        var probe = YamuxProbe()
        try probe.expectEnd(
            .frame(.version(3)), probe.session.receive([3] + [UInt8](repeating: 0, count: 11), at: .zero))
    }

    @Test func widestWindowIsLegal() throws {
        var probe = YamuxProbe()
        let id = try yamuxID(1)
        #expect(probe.receive(.windowUpdate(id, .syn, delta: .max - 262_144)) == [.opened(id)])
    }

    @Test func wrongUse() throws {
        var probe = YamuxProbe()
        let id = try yamuxID(1)
        #expect(throws: YamuxError.unknownStream) { try probe.session.accept(id) }
        #expect(throws: YamuxError.unknownStream) { try probe.session.finish(id) }
        _ = probe.receive(.data(id, .syn, [1, 2]))
        #expect(throws: YamuxError.consumed) { try probe.session.consume(3, of: id, at: .zero) }
        #expect(throws: YamuxError.consumed) { try probe.session.consume(-1, of: id, at: .zero) }
        #expect(probe.session.close(.internalError) == [.ended(.local(.internalError))])
        #expect(try probe.frames() == [.goAway(.internalError)])
        #expect(throws: YamuxError.ended) { try probe.session.accept(id) }
        #expect(throws: YamuxError.ended) { try probe.session.open(at: .zero) }
        #expect(probe.session.disconnected() == [])
    }
}
