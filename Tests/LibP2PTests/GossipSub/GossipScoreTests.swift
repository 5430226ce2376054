import Testing

import LibP2P

func isClose(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-9 }

/// A router whose only mesh peer is 1, and peer 2 outside of the mesh.
func scoredPair(_ scoring: GossipScoring) throws -> TestRouter {
    var test = try TestRouter(scoring: scoring)
    try test.connect(1)
    test.beat()
    try test.connect(2)
    return test
}

/// What is scored of a peer as a whole.
@Suite struct GossipScoreTests {
    @Test func topicsAreCappedTogether() throws {
        var scoring = plainScoring { $0.firstDeliveriesWeight = 1 }
        scoring.topicCap = 5
        scoring.applicationWeight = 2
        var test = try scoredPair(scoring)
        for number in 1...8 { test.deliver(message(number), from: 2) }
        #expect(test.score(2) == 5)
        test.router.setApplicationScore(3, of: peer(2))
        #expect(test.score(2) == 11)
        test.router.setApplicationScore(.nan, of: peer(2))
        test.router.setApplicationScore(1, of: peer(77))
        #expect(test.score(2) == 11 && test.score(77) == 0)
    }

    @Test func manyPeersOfOneAddressArePenalized() throws {
        var scoring = plainScoring()
        scoring.colocationThreshold = 2
        scoring.colocationWeight = -3
        scoring.colocationWhitelist = ["10.0.0.9"]
        var test = try TestRouter(scoring: scoring)
        for number in 1...4 { try test.connect(number, addresses: ["10.0.0.1", "10.0.0.1"]) }
        for number in 5...8 { try test.connect(number, addresses: ["10.0.0.9"]) }
        try test.connect(9, addresses: ["10.0.0.2"])
        #expect((1...4).allSatisfy { test.score($0) == -12 })
        #expect((5...9).allSatisfy { test.score($0) == 0 })
        // A peer with a negative score is remembered under its address, so that leaving does not help the others.
        test.disconnect(1)
        #expect(test.score(2) == -12)
        // Nor is it counted twice when it returns.
        try test.connect(1, addresses: ["10.0.0.1"])
        #expect(test.score(2) == -12)
    }

    @Test func misbehaviourDecaysAndHasAThreshold() throws {
        var scoring = plainScoring()
        scoring.behaviourThreshold = 1
        scoring.behaviourWeight = -2
        scoring.behaviourDecay = 0.5
        var scores = GossipScores(scoring)
        scores.connect(peer(1), addresses: [])
        scores.penalize(peer(1))
        #expect(scores.score(peer(1)) == 0)
        scores.penalize(peer(1), 4)
        #expect(scores.score(peer(1)) == -32)
        scores.refresh(now: .milliseconds(999))
        #expect(scores.score(peer(1)) == -32)
        scores.refresh(now: .seconds(1))
        #expect(scores.score(peer(1)) == -4.5)
        // Two intervals at once.
        scores.penalize(peer(1), 6)
        scores.refresh(now: .seconds(3))
        #expect(isClose(scores.score(peer(1)), -2 * 1.125 * 1.125))
        scores.penalize(peer(2))
        #expect(scores.score(peer(2)) == 0)
    }

    @Test func aBadScoreOutlivesTheConnection() throws {
        var test = try scoredPair(
            plainScoring {
                $0.invalidWeight = -1
                $0.invalidDecay = 0.5
                $0.firstDeliveriesWeight = 10
            })
        test.deliver(message(1), from: 2, .reject)
        test.deliver(message(2), from: 2)
        #expect(test.score(2) == 9)
        test.deliver(message(3), from: 1)
        test.disconnect(1)
        test.disconnect(2)
        // The merits are gone, the faults stay and do not decay meanwhile.
        #expect(test.score(2) == -1 && test.score(1) == 0)
        #expect(Array(test.router.scores.records.keys) == [peer(2)])
        test.beat(100)
        try test.connect(2)
        try test.connect(1)
        #expect(test.score(2) == -1 && test.score(1) == 0)
        test.disconnect(2)
        test.beat(3599)
        #expect(test.score(2) == -1)
        test.beat()
        #expect(test.score(2) == 0)
    }

    @Test func theBestRememberedScoreIsForgottenFirst() throws {
        var scoring = plainScoring()
        scoring.maxRetained = 3
        var test = try TestRouter(scoring: scoring)
        for (number, score) in [(1, -3.0), (2, -9.0), (3, -1.0), (4, -5.0), (5, -2.0)] {
            try test.connect(number)
            test.router.setApplicationScore(score, of: peer(number))
            test.disconnect(number)
        }
        #expect((1...5).map(test.score) == [-3, -9, 0, -5, 0])
    }

    @Test func aGraylistedPeerIsNotHeardButItsTopicsAre() throws {
        var test = try TestRouter(topics: ["t", "u"])
        try test.connect(1)
        test.router.setApplicationScore(-1000.5, of: peer(1))
        let rpc = GossipRPC(
            subscriptions: [GossipSubscription(subscribe: true, topic: "u")], messages: [message(1)],
            control: GossipControl(have: [GossipIHave(topic: "t", ids: [[1]])], graft: ["t"]))
        #expect(test.receive(rpc, from: 1).isEmpty)
        #expect(test.router.peers[peer(1)]?.topics == ["t", "u"])
        #expect(test.mesh.isEmpty)
        test.router.setApplicationScore(-1000, of: peer(1))
        #expect(test.receive(rpc, from: 1).validations == [id(message(1))])
    }
}
