import LibP2P
import Testing

@Suite struct YamuxLivenessTests {
    @Test func answersPings() throws {
        var probe = YamuxProbe()
        #expect(probe.receive(.ping(0xdead_beef)) == [])
        #expect(try probe.frames() == [.pong(0xdead_beef)])
    }

    @Test func pingsAtOnceAndEveryThirtySeconds() throws {
        var probe = YamuxProbe()
        #expect(probe.session.nextDeadline == .zero)
        #expect(probe.session.tick(at: .zero) == [])
        #expect(try probe.frames() == [.ping(1)])
        #expect(probe.session.nextDeadline == .seconds(10))
        probe.now = .milliseconds(30)
        #expect(probe.receive(.pong(2)) == [])
        #expect(probe.session.roundTrip == nil)
        #expect(probe.receive(.pong(1)) == [.roundTrip(.milliseconds(30))])
        #expect(probe.session.roundTrip == .milliseconds(30))
        #expect(probe.session.nextDeadline == .seconds(30))
        _ = probe.session.tick(at: .seconds(29))
        #expect(try probe.frames() == [])
        _ = probe.session.tick(at: .seconds(30))
        #expect(try probe.frames() == [.ping(2)])
    }

    @Test func silentPeerIsGone() throws {
        var probe = YamuxProbe()
        _ = probe.session.tick(at: .zero)
        _ = try probe.session.open(at: .zero)
        #expect(probe.session.tick(at: .milliseconds(9_999)) == [])
        #expect(probe.session.tick(at: .seconds(10)) == [.ended(.keepAlive)])
        #expect(probe.session.streamCount == 0)
        #expect(probe.session.nextDeadline == nil)
        #expect(try probe.frames() == [])
        #expect(probe.session.tick(at: .seconds(99)) == [])
    }

    @Test func anyByteShowsLife() throws {
        var probe = YamuxProbe()
        _ = probe.session.tick(at: .zero)
        _ = probe.session.receive([0], at: .seconds(7))
        #expect(probe.session.nextDeadline == .seconds(17))
        #expect(probe.session.tick(at: .seconds(16)) == [])
        #expect(probe.session.tick(at: .seconds(17)) == [.ended(.keepAlive)])
    }

    @Test func peerGoesAway() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        #expect(probe.receive(.goAway(.normal), .goAway(.normal)) == [.goingAway])
        #expect(throws: YamuxError.goingAway) { try probe.session.open(at: .zero) }
        #expect(probe.receive(.data(id, [], [1])) == [.accepted(id), .received(id, [1])])
        let peers = try yamuxID(2)
        #expect(probe.receive(.data(peers, .syn, [])) == [.opened(peers)])
        #expect(probe.receive(.goAway(.other(77))) == [.ended(.peer(.other(77)))])
        #expect(try probe.frames() == [])
    }

    @Test func goesAway() throws {
        var probe = YamuxProbe(.dialer)
        let id = try probe.session.open(at: .zero)
        _ = try probe.frames()
        try probe.session.goAway()
        try probe.session.goAway()
        #expect(try probe.frames() == [.goAway(.normal)])
        #expect(throws: YamuxError.goingAway) { try probe.session.open(at: .zero) }
        let peers = try yamuxID(2)
        #expect(probe.receive(.data(peers, .syn, [])) == [])
        #expect(try probe.frames() == [.windowUpdate(peers, .rst, delta: 0)])
        #expect(probe.receive(.windowUpdate(id, .ack, delta: 0)) == [.accepted(id)])
        #expect(probe.receive(.goAway(.normal)) == [.goingAway])
        #expect(probe.session.disconnected() == [.ended(.disconnected)])
    }

    @Test func eitherCodeOfFailureEndsTheSession() {
        for code in [YamuxGoAwayCode.protocolError, .internalError] {
            var probe = YamuxProbe()
            #expect(probe.receive(.goAway(code), .ping(1)) == [.ended(.peer(code))])
        }
    }
}
