import PoAITestSupport
import Testing

import LibP2P

/// The bounds of everything that peers can fill.
@Suite struct GossipLimitTests {
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

    @Test func sendersOfAMessageAreBounded() {
        var seen = GossipSeenCache(lifetime: .seconds(1), limit: 1)
        seen.insert([1], .validating, from: peer(0), now: .zero)
        for number in 1..<2000 { #expect(seen.addSender(peer(number), to: [1]) == (number < 1024)) }
        #expect(seen.entries[[1]]?.senders.count == 1024)
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
