import Testing

import LibP2P

/// IHAVE and IWANT.
@Suite struct GossipLazyTests {
    private func ids(_ numbers: Range<Int>) -> [GossipMessageID] { numbers.map { id(message($0)) } }

    private func have(_ numbers: Range<Int>, topic: String = "t") -> GossipControl {
        GossipControl(have: [GossipIHave(topic: topic, ids: ids(numbers))])
    }

    private func wanted(_ actions: [GossipAction]) -> [GossipMessageID] {
        actions.sent.flatMap(\.rpc.control.want).flatMap { $0 }
    }

    @Test func unknownMessagesAreAskedForOnce() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.deliver(message(0), from: 1)
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        let control = GossipControl(have: [
            GossipIHave(topic: "t", ids: ids(0..<3) + ids(0..<3) + [[], Array(repeating: 1, count: 257)]),
            GossipIHave(topic: "u", ids: ids(3..<5)), GossipIHave(topic: "t", ids: ids(2..<4)),
        ])
        #expect(Set(wanted(test.receive(control, from: 1))) == Set(ids(2..<4)))
    }

    @Test func gossipReachesPeersOutsideOfTheMeshForThreeHeartbeats() throws {
        var test = try TestRouter()
        for number in 1...6 { try test.connect(number) }
        test.beat()
        for number in 7...16 { try test.connect(number) }
        test.deliver(message(1), from: 1)
        for _ in 0..<3 {
            let actions = test.beat()
            #expect(actions.advertised.count == 6)
            #expect(actions.advertised.allSatisfy { $0[2] >= 7 })
            #expect(actions.sent.flatMap(\.rpc.control.have).allSatisfy { $0 == .init(topic: "t", ids: ids(1..<2)) })
        }
        #expect(test.beat().advertised.isEmpty)
    }

    @Test func aQuarterOfManyPeersHearsTheGossip() throws {
        var test = try TestRouter()
        for number in 1...6 { try test.connect(number) }
        test.beat()
        for number in 7...46 { try test.connect(number) }
        test.deliver(message(1), from: 1)
        #expect(test.beat().advertised.count == 10)
        // A low score excludes.
        for number in 7...46 { test.router.setApplicationScore(number == 9 ? -200 : -200.1, of: peer(number)) }
        #expect(test.beat().advertised == [peer(9)])
    }

    @Test func noMoreThan5000IdsAreAdvertised() throws {
        var test = try TestRouter()
        try test.connect(1)
        try test.connect(2)
        for number in 1...2 { test.router.setApplicationScore(-1, of: peer(number)) }
        for number in 0..<5001 { _ = try test.router.publish(message(number, from: 0), now: test.now) }
        let lists = test.beat().sent.flatMap(\.rpc.control.have).map { Set($0.ids) }
        #expect(lists.map(\.count) == [5000, 5000])
        #expect(Set(lists).count == 2)
    }

    @Test func cachedMessagesAreSentThreeTimes() throws {
        var test = try TestRouter()
        try test.connect(1)
        try test.connect(2)
        test.deliver(message(1), from: 1)
        let want = GossipControl(want: [ids(1..<2) + ids(1..<3), ids(1..<2)])
        for _ in 0..<3 { #expect(test.receive(want, from: 2).sent.map(\.rpc.messages) == [[message(1)]]) }
        #expect(test.receive(want, from: 2).isEmpty)
        #expect(test.receive(want, from: 1).relayed == [peer(1)])
    }

    @Test func messagesCanBeAskedForFiveHeartbeats() throws {
        var test = try TestRouter()
        try test.connect(1)
        test.deliver(message(1), from: 1)
        test.beat(4)
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).relayed == [peer(1)])
        test.beat()
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).isEmpty)
    }

    @Test func whatIsNotAcceptedIsNotSent() throws {
        var test = try TestRouter()
        try test.connect(1)
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).isEmpty)
        _ = test.receive(GossipControl(dontWant: [ids(2..<3)]), from: 1)
        test.deliver(message(2), from: 1)
        #expect(test.receive(GossipControl(want: [ids(2..<3)]), from: 1).isEmpty)
    }

    @Test func gossipOfALowScoreIsIgnored() throws {
        var test = try TestRouter()
        try test.connect(1)
        try test.connect(2)
        test.deliver(message(1), from: 2)
        test.router.setApplicationScore(-200, of: peer(1))
        #expect(wanted(test.receive(have(2..<3), from: 1)).count == 1)
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).relayed == [peer(1)])
        test.router.setApplicationScore(-200.5, of: peer(1))
        #expect(test.receive(have(3..<4), from: 1).isEmpty)
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).isEmpty)
    }

    @Test func tenIHAVEsPerHeartbeatAreRead() throws {
        var test = try TestRouter()
        try test.connect(1)
        for number in 0..<10 { #expect(wanted(test.receive(have(number..<number + 1), from: 1)).count == 1) }
        #expect(test.receive(have(10..<11), from: 1).isEmpty)
        test.beat()
        #expect(wanted(test.receive(have(10..<11), from: 1)).count == 1)
    }

    @Test func fiveThousandIdsPerHeartbeatAreAskedFor() throws {
        var test = try TestRouter()
        try test.connect(1)
        #expect(wanted(test.receive(have(0..<4000), from: 1)).count == 4000)
        #expect(wanted(test.receive(have(4000..<9000), from: 1)).count == 1000)
        #expect(test.receive(have(9000..<9001), from: 1).isEmpty)
        #expect(test.router.promises.count == 2)
    }

    @Test func aFloodOfIWANTsIsBounded() throws {
        var test = try TestRouter { $0.maxWantIDs = 100 }
        try test.connect(1)
        test.deliver(message(1), from: 1)
        let unknown = GossipControl(want: [ids(1000..<1100)])
        #expect(test.receive(unknown, from: 1).isEmpty)
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).isEmpty)
        test.beat()
        #expect(test.receive(GossipControl(want: [ids(1..<2)]), from: 1).relayed == [peer(1)])
    }

    @Test func brokenPromisesArePenalized() throws {
        var scoring = plainScoring()
        scoring.behaviourDecay = 0.999_999
        var test = try TestRouter(scoring: scoring)
        for number in 1...3 { try test.connect(number) }
        _ = test.receive(have(0..<5), from: 1)
        _ = test.receive(have(10..<11), from: 1)
        _ = test.receive(have(10..<11), from: 2)
        test.beat(2)
        #expect(test.score(1) == 0)
        // Whoever delivers, both promises are kept.
        test.deliver(message(10), from: 3)
        test.beat()
        #expect(abs(test.score(1) + 10) < 0.1 && test.score(2) == 0)
        test.beat(10)
        #expect(abs(test.score(1) + 10) < 0.1)
        #expect(test.router.promises.count == 0)
    }

    @Test func anInvalidMessageKeepsThePromiseAndAForgeryDoesNot() throws {
        var test = try TestRouter(scoring: plainScoring())
        for number in 1...2 { try test.connect(number) }
        _ = test.receive(have(1..<2), from: 1)
        _ = test.receive(have(2..<3), from: 2)
        test.deliver(message(1), from: 1, .reject)
        var forged = message(2)
        forged.signature = forgery
        _ = test.receive(GossipRPC(messages: [forged]), from: 2)
        test.beat(4)
        #expect(test.score(1) == 0 && test.score(2) < -9)
    }

    @Test func whatThisNodeCannotReadBreaksNoPromise() throws {
        var test = try TestRouter(scoring: plainScoring(), topics: ["t", "u"]) { $0.maxValidating = 1 }
        for number in 1...2 { try test.connect(number, topics: ["t", "u"]) }
        _ = test.receive(GossipRPC(messages: [message(0)]), from: 2)
        _ = test.receive(have(1..<2), from: 1)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 1).isEmpty)
        #expect(test.router.promises.count == 0)
        _ = test.receive(have(2..<3), from: 1)
        #expect(test.router.promises.count == 1)
        _ = test.router.unsubscribe("t", now: test.now)
        #expect(test.receive(GossipRPC(messages: [message(2)]), from: 1).isEmpty)
        test.beat(5)
        #expect(test.score(1) == 0)
    }
}
