import Testing

import LibP2P

@Suite struct GossipTopicScoreTests {
    @Test func timeInTheMeshCountsUpToItsCap() throws {
        var test = try scoredPair(
            plainScoring {
                $0.topicWeight = 2
                $0.timeInMeshWeight = 0.5
                $0.timeInMeshQuantum = .seconds(2)
                $0.timeInMeshCap = 3
            })
        test.beat(3)
        #expect(isClose(test.score(1), 1))
        test.beat(20)
        #expect(isClose(test.score(1), 3))
        _ = test.receive(GossipControl(prune: [GossipPrune(topic: "t")]), from: 1)
        #expect(test.score(1) == 0)
    }

    @Test func firstDeliveriesCountUpToTheirCapAndDecay() throws {
        var test = try scoredPair(
            plainScoring {
                $0.firstDeliveriesWeight = 2
                $0.firstDeliveriesCap = 3
                $0.firstDeliveriesDecay = 0.5
            })
        test.deliver(message(1), from: 2)
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        #expect(test.score(2) == 2 && test.score(1) == 0)
        for number in 2...9 { test.deliver(message(number), from: 2) }
        #expect(test.score(2) == 6)
        test.beat()
        #expect(test.score(2) == 3)
        test.beat(20)
        #expect(test.score(2) == 0)
    }

    private func deliveryScoring() -> GossipScoring {
        plainScoring {
            $0.meshDeliveriesWeight = -1
            $0.meshDeliveriesThreshold = 4
            $0.meshDeliveriesCap = 6
            $0.meshDeliveriesDecay = 0.999_999_999_999
            $0.meshDeliveriesActivation = .seconds(5)
            $0.meshDeliveriesWindow = .milliseconds(10)
            $0.meshFailureWeight = -1
            $0.meshFailureDecay = 0.5
        }
    }

    @Test func missingDeliveriesArePenalizedAfterTheActivation() throws {
        var test = try scoredPair(deliveryScoring())
        for number in 1...2 { test.deliver(message(number), from: 1) }
        test.beat(5)
        #expect(test.score(1) == 0)
        #expect(test.beat().pruned == [peer(1)])
        // (4 − 2)² of P3 became P3b, which decays and sticks.
        #expect(isClose(test.score(1), -4))
        test.beat()
        #expect(isClose(test.score(1), -2))
    }

    @Test func enoughDeliveriesAreNotPenalized() throws {
        var test = try scoredPair(deliveryScoring())
        for number in 1...5 { test.deliver(message(number), from: 1) }
        test.beat(10)
        #expect(test.score(1) == 0 && test.mesh == [peer(1)])
    }

    @Test func duplicatesCountWithinTheWindowAndOnce() throws {
        var test = try scoredPair(deliveryScoring())
        func deliveries() -> Double { test.router.scores.records[peer(1)]?.topics["t"]?.meshDeliveries ?? 0 }
        // While it is validated.
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 2)
        _ = test.receive(GossipRPC(messages: [message(1), message(1)]), from: 1)
        _ = test.router.report(id(message(1)), .accept, now: test.now)
        #expect(deliveries() == 1)
        // Within the window afterwards, once.
        test.deliver(message(2), from: 2)
        test.now += .milliseconds(10)
        for _ in 0..<2 { _ = test.receive(GossipRPC(messages: [message(2)]), from: 1) }
        #expect(deliveries() == 2)
        // After it.
        test.deliver(message(3), from: 2)
        test.now += .milliseconds(11)
        _ = test.receive(GossipRPC(messages: [message(3)]), from: 1)
        #expect(deliveries() == 2)
        // Ignored messages do not count, and the cap holds.
        test.deliver(message(4), from: 1, .ignore)
        #expect(deliveries() == 2)
        for number in 10...20 { test.deliver(message(number), from: 1) }
        #expect(deliveries() == 6)
        // Outside of the mesh nothing counts.
        #expect(test.router.scores.records[peer(2)]?.topics["t"]?.meshDeliveries == 0)
    }

    @Test func invalidMessagesCountSquaredAndDecay() throws {
        var test = try scoredPair(
            plainScoring {
                $0.invalidWeight = -2
                $0.invalidDecay = 0.5
            })
        for number in 1...3 { test.deliver(message(number), from: 2, .reject) }
        #expect(test.score(2) == -18)
        test.beat()
        #expect(isClose(test.score(2), -4.5))
    }

    @Test func topicsThatAreNotScoredChangeNothing() throws {
        var test = try TestRouter(scoring: plainScoring { $0.invalidWeight = -1 }, topics: ["t", "u"])
        try test.connect(1, topics: ["t", "u"])
        test.deliver(message(1, topic: "u"), from: 1, .reject)
        #expect(test.score(1) == 0)
        test.deliver(message(2), from: 1, .reject)
        #expect(test.score(1) == -1)
    }
}
