import Testing

import LibP2P

@Suite struct GossipControlTests {
    @Test func graftJoinsTheMesh() throws {
        var test = try TestRouter()
        try test.connect(1)
        #expect(test.receive(GossipControl(graft: ["t", "t"]), from: 1).isEmpty)
        #expect(test.mesh == [peer(1)])
        #expect(test.score(1) == 0)
    }

    @Test func graftOfAnUnknownTopicIsPassedOver() throws {
        var test = try TestRouter()
        try test.connect(1, topics: ["t", "u"])
        #expect(test.receive(GossipControl(graft: ["u"]), from: 1).isEmpty)
        #expect(test.router.mesh("u") == nil)
    }

    @Test func graftWithoutASubscriptionIsRefused() throws {
        var test = try TestRouter()
        try test.connect(1, topics: [])
        #expect(test.receive(GossipControl(graft: ["t"]), from: 1).pruned == [peer(1)])
        #expect(test.mesh.isEmpty)
    }

    @Test func pruneSetsTheBackoffThatItNames() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: 20)]), from: 1)
        #expect(test.mesh.isEmpty)
        test.beat(21)
        #expect(test.mesh.isEmpty)
        #expect(test.beat().grafted == [peer(1)])
    }

    @Test func pruneWithoutABackoffMeansAMinute() throws {
        var test = try TestRouter()
        try test.connect(1, version: .v1_0)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t")]), from: 1)
        test.beat(61)
        #expect(test.mesh.isEmpty)
        test.beat()
        #expect(test.mesh == [peer(1)])
    }

    @Test func anAbsurdBackoffIsCutToAnHour() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: .max)]), from: 1)
        #expect(test.router.backoffs.expiry(peer(1), topic: "t") == .seconds(3601))
    }

    @Test func theBackoffOutlivesTheConnection() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: 60)]), from: 1)
        test.disconnect(1)
        try test.connect(1)
        #expect(test.beat().grafted.isEmpty)
    }

    @Test func graftWithinTheBackoffIsPenalizedAndExtendsIt() throws {
        var scoring = plainScoring()
        scoring.behaviourDecay = 0.999_999
        var test = try TestRouter(scoring: scoring)
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: 60)]), from: 1)
        test.beat(30)
        #expect(test.receive(GossipControl(graft: ["t"]), from: 1).pruned == [peer(1)])
        #expect(abs(test.score(1) + 10) < 0.1)
        // Shortly after the PRUNE it counts twice: (1 + 2)² · 10.
        #expect(test.receive(GossipControl(graft: ["t"]), from: 1).pruned == [peer(1)])
        #expect(abs(test.score(1) + 90) < 0.1)
        #expect(test.router.backoffs.expiry(peer(1), topic: "t") == test.now + .seconds(60))
        #expect(test.mesh.isEmpty)
    }

    @Test func graftAfterTheBackoffIsWelcome() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: 60)]), from: 1)
        test.now += .seconds(60)
        #expect(test.receive(GossipControl(graft: ["t"]), from: 1).isEmpty)
        #expect(test.mesh == [peer(1)] && test.score(1) == 0)
    }

    @Test func aGraftFloodEndsOnTheGraylist() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.beat()
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t", backoff: 60)]), from: 1)
        let flood = GossipControl(graft: Array(repeating: "t", count: 1000))
        let answer = test.receive(flood, from: 1)
        #expect(answer.sent.count == 1 && answer.sent(to: 1).first?.control.prune.count == 1)
        #expect(test.score(1) < -1000)
        #expect(test.receive(GossipControl(graft: ["t"]), from: 1).isEmpty)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 1).isEmpty)
    }

    @Test func aPruneFloodChangesNothing() throws {
        var test = try TestRouter()
        try test.connect(1)
        let prunes = (0..<5000).map { GossipPrune(topic: $0.isMultiple(of: 2) ? "t" : "x\($0)", backoff: UInt64($0)) }
        #expect(test.receive(GossipControl(prune: prunes), from: 1).isEmpty)
        #expect(test.router.backoffs.expiries.keys.sorted() == ["t"])
        #expect(test.router.backoffs.expiries["t"]?.count == 1)
    }

    @Test func peersOfVersion1_0GetPlainPrunes() throws {
        var test = try TestRouter { $0.peerExchange = true }
        try test.connect(1, version: .v1_0)
        try test.connect(2, version: .v1_1)
        test.beat()
        let actions = test.router.unsubscribe("t", now: test.now)
        let prune = try #require(actions.sent(to: 1).last?.control.prune.first)
        #expect(prune == GossipPrune(topic: "t"))
        #expect(actions.sent(to: 2).last?.control.prune.first?.backoff == 10)
    }
}
