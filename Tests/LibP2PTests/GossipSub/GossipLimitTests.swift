import PoAITestSupport
import Testing

@testable import LibP2P

/// Parameters and bounds.
@Suite struct GossipLimitTests {
    @Test func parametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipConfiguration) -> Void)] = [
            ("degreeLow", { $0.degreeLow = 7 }), ("degreeHigh", { $0.degreeHigh = 5 }),
            ("degreeOutbound", { $0.degreeOutbound = 4 }),
            ("degreeOutbound", { ($0.degreeLow, $0.degreeOutbound) = (2, 2) }),
            ("degreeScore", { $0.degreeScore = 7 }), ("degreeLazy", { $0.degreeLazy = -1 }),
            ("gossipFactor", { $0.gossipFactor = 1.1 }), ("gossipFactor", { $0.gossipFactor = .nan }),
            ("historyGossip", { $0.historyGossip = 6 }), ("historyGossip", { $0.historyLength = 0 }),
            ("historyLength", { $0.historyLength = 1001 }), ("pruneBackoff", { $0.pruneBackoff = .seconds(3601) }),
            ("unsubscribeBackoff", { $0.unsubscribeBackoff = .seconds(-1) }),
            ("seenLifetime", { $0.seenLifetime = .zero }),
            ("limits", { $0.maxPeers = -1 }), ("limits", { $0.maxCachedBytes = 1 << 31 }),
        ]
        try GossipConfiguration().validate()
        for (name, change) in wrong {
            #expect(throws: GossipError.invalidParameter(name)) { _ = try TestRouter(change) }
        }
    }

    @Test func scoreParametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipScoring) -> Void)] = [
            ("topicCap", { $0.topicCap = -1 }), ("applicationWeight", { $0.applicationWeight = .infinity }),
            ("colocationWeight", { $0.colocationWeight = 1 }), ("colocationThreshold", { $0.colocationThreshold = 0 }),
            ("behaviourWeight", { $0.behaviourWeight = 1 }), ("behaviourDecay", { $0.behaviourDecay = 1 }),
            ("behaviourThreshold", { $0.behaviourThreshold = -1 }), ("decayInterval", { $0.decayInterval = .zero }),
            ("decayToZero", { $0.decayToZero = 0 }), ("retention", { $0.retention = .seconds(-1) }),
            ("maxRetained", { $0.maxRetained = -1 }), ("gossipThreshold", { $0.gossipThreshold = 1 }),
            ("publishThreshold", { $0.publishThreshold = -199 }),
            ("graylistThreshold", { $0.graylistThreshold = -499 }),
            ("acceptExchangeThreshold", { $0.acceptExchangeThreshold = -1 }),
            ("opportunisticGraftThreshold", { $0.opportunisticGraftThreshold = -1 }),
        ]
        for (name, change) in wrong {
            var scoring = GossipScoring()
            try scoring.validate()
            change(&scoring)
            #expect(throws: GossipError.invalidParameter(name)) { try scoring.validate() }
        }
    }

    @Test func topicParametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipTopicScore) -> Void)] = [
            ("topicWeight", { $0.topicWeight = -1 }), ("timeInMeshWeight", { $0.timeInMeshWeight = -1 }),
            ("timeInMeshQuantum", { $0.timeInMeshQuantum = .zero }), ("timeInMeshCap", { $0.timeInMeshCap = .nan }),
            ("firstDeliveriesWeight", { $0.firstDeliveriesWeight = -1 }),
            ("firstDeliveriesCap", { $0.firstDeliveriesCap = -1 }),
            ("firstDeliveriesDecay", { $0.firstDeliveriesDecay = 1 }),
            ("meshDeliveriesWeight", { $0.meshDeliveriesWeight = 1 }),
            ("meshDeliveriesDecay", { $0.meshDeliveriesDecay = 0 }),
            ("meshDeliveriesThreshold", { $0.meshDeliveriesThreshold = -1 }),
            ("meshDeliveriesCap", { $0.meshDeliveriesCap = 19 }),
            ("meshDeliveriesWindow", { $0.meshDeliveriesWindow = .seconds(-1) }),
            ("meshDeliveriesActivation", { $0.meshDeliveriesActivation = .seconds(-1) }),
            ("meshFailureWeight", { $0.meshFailureWeight = 1 }), ("meshFailureDecay", { $0.meshFailureDecay = 2 }),
            ("invalidWeight", { $0.invalidWeight = 1 }), ("invalidDecay", { $0.invalidDecay = -1 }),
        ]
        for (name, change) in wrong {
            var topic = GossipTopicScore()
            try topic.validate()
            change(&topic)
            var scoring = GossipScoring()
            scoring.topics["t"] = topic
            #expect(throws: GossipError.invalidParameter(name)) { _ = try TestRouter(scoring: scoring) }
        }
    }

    @Test func peersAreBounded() throws {
        var test = try TestRouter { $0.maxPeers = 2 }
        for number in 1...2 { try test.connect(number) }
        #expect(throws: GossipError.peerRefused) { try test.connect(3) }
        test.disconnect(2)
        #expect(throws: GossipError.peerRefused) { try test.connect(1) }
        #expect(throws: GossipError.peerRefused) { try test.connect(0) }
        try test.connect(3)
        test.disconnect(99)
        #expect(test.router.connectedPeers == [peer(1), peer(3)])
    }

    @Test func topicsAreBounded() throws {
        var test = try TestRouter(topics: []) {
            $0.maxTopics = 2
            $0.maxTopicsPerPeer = 2
            $0.maxTopicBytes = 4
        }
        for topic in ["", "abcde", "äöü"] {
            #expect(throws: GossipError.topicRefused) { try test.router.subscribe(topic, now: .zero) }
        }
        for topic in ["a", "b"] { _ = try test.router.subscribe(topic, now: .zero) }
        #expect(throws: GossipError.topicRefused) { try test.router.subscribe("c", now: .zero) }
        try test.connect(1, topics: ["", "abcde", "a", "a", "b", "c"])
        #expect(test.router.peers[peer(1)]?.topics == ["a", "b"])
        #expect(test.router.topics == ["a", "b"])
    }

    @Test func fanoutsAreBounded() throws {
        var test = try TestRouter(topics: []) {
            $0.maxTopics = 3
            $0.floodPublish = false
        }
        let topics = (0..<5).map { "u\($0)" }
        try test.connect(1, topics: topics)
        for (number, topic) in topics.enumerated() {
            let actions = try test.router.publish(message(number, from: 0, topic: topic), now: .zero).actions
            #expect(actions.relayed == [peer(1)])
        }
        test.check()
        #expect(test.router.fanouts.count == 3)
    }

    @Test func rememberedIdsAreBounded() throws {
        var test = try TestRouter { $0.maxSeen = 3 }
        try test.connect(1)
        for number in 1...4 { test.deliver(message(number), from: 1) }
        #expect(test.router.seen.entries.count == 3)
        #expect(test.receive(GossipRPC(messages: [message(4)]), from: 1).validations.isEmpty)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 1).validations.count == 1)
        // The id of a message that waits may be forgotten, the message is not validated twice.
        for number in 5...7 { test.deliver(message(number), from: 1) }
        #expect(!test.router.seen.contains(id(message(1))))
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 1).validations.isEmpty)
    }

    @Test func cachedMessagesAreBounded() throws {
        for limitBytes in [false, true] {
            var configuration = GossipConfiguration()
            if limitBytes {
                configuration.maxCachedBytes = 3 * message(0).byteCount
            } else {
                configuration.maxCached = 3
            }
            var cache = GossipMessageCache(configuration)
            for number in 1...3 {
                cache.insert(message(number), id: id(message(number)))
                cache.insert(message(number), id: id(message(number)))
                cache.shift()
            }
            #expect(cache.count == 3)
            cache.insert(message(4), id: id(message(4)))
            #expect(cache.count == 3 && cache.invariants() == [])
            #expect(cache.message(id(message(1))) == nil && cache.message(id(message(2))) == message(2))
            #expect(cache.gossipIDs(topic: "t") == [4, 3, 2].map { id(message($0)) })
            #expect(cache.gossipIDs(topic: "u") == [])
            cache.insert(message(5, size: 1 << 20), id: [5])
            #expect((cache.message([5]) == nil) == limitBytes)
            #expect(cache.invariants() == [])
        }
    }

    @Test func backoffsAreBounded() {
        var backoffs = GossipBackoffs(limit: 3)
        for (number, end) in [(1, 30), (2, 10), (3, 20), (4, 40)] {
            backoffs.set(peer(number), topic: "t", until: .seconds(end))
        }
        #expect(backoffs.expiry(peer(2), topic: "t") == nil)
        backoffs.set(peer(3), topic: "t", until: .seconds(5))
        #expect(backoffs.expiry(peer(3), topic: "t") == .seconds(20))
        backoffs.expire(before: .seconds(31))
        #expect(backoffs.expiries == ["t": [peer(4): .seconds(40)]])
        backoffs.expire(before: .seconds(41))
        #expect(backoffs.expiries.isEmpty)
    }

    @Test func promisesAreBounded() {
        var promises = GossipPromises(limit: 2)
        for number in 1...3 { promises.add([1], by: peer(number), deadline: .seconds(number)) }
        #expect(promises.count == 2)
        promises.fulfil([2])
        #expect(promises.broken(now: .seconds(1)) == [peer(1): 1])
        promises.fulfil([1])
        #expect(promises.count == 0 && promises.broken(now: .seconds(9)).isEmpty)
    }

    @Test func timeDoesNotGoBack() throws {
        var test = try TestRouter()
        test.beat(10)
        _ = test.router.heartbeat(now: .seconds(3))
        #expect(test.router.now == .seconds(10))
        test.check()
    }

    @Test func theQueueKeepsItsOrder() {
        var queue = GossipQueue<Int>()
        var model: [Int] = []
        var random = DeterministicRandom(seed: 5)
        for number in 0..<5000 {
            if random.below(100) < (number < 2500 ? 60 : 35) {
                queue.append(number)
                model.append(number)
            } else {
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.count == model.count && queue.first == model.first)
        }
    }
}
