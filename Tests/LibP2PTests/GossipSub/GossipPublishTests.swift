import Testing

import LibP2P

@Suite struct GossipPublishTests {
    @Test func ownMessagesGoToEverySubscriber() throws {
        var test = try fullRouter()
        test.router.setApplicationScore(-500, of: peer(7))
        test.router.setApplicationScore(-500.1, of: peer(8))
        try test.connect(11, topics: ["u"])
        let (id, actions) = try test.router.publish(message(1, from: 0), now: test.now)
        #expect(id == LibP2PTests.id(message(1, from: 0)))
        #expect(actions.relayed == Set((1...10).filter { $0 != 8 }.map(peer)))
        #expect(throws: GossipError.duplicate) { try test.router.publish(message(1, from: 0), now: test.now) }
        #expect(throws: GossipError.topicRefused) { try test.router.publish(message(2, topic: ""), now: test.now) }
    }

    @Test func withoutFloodingOwnMessagesGoToTheMesh() throws {
        var test = try fullRouter { $0.floodPublish = false }
        let actions = try test.router.publish(message(1, from: 0), now: test.now).actions
        #expect(actions.relayed == Set(test.mesh))
    }

    @Test func withoutFloodingOtherTopicsHaveAFanout() throws {
        var test = try TestRouter(topics: []) { $0.floodPublish = false }
        for number in 1...10 { try test.connect(number) }
        let first = try test.router.publish(message(1, from: 0), now: test.now).actions.relayed
        let second = try test.router.publish(message(2, from: 0), now: test.now).actions.relayed
        #expect(first.count == 6 && first == second)
        // A peer that leaves is replaced, and the others hear of the messages.
        let gone = try #require(first.first)
        test.disconnect(Int(gone[2]))
        let advertised = Set(test.beat().advertised)
        let third = try test.router.publish(message(3, from: 0), now: test.now).actions.relayed
        #expect(third.count == 6 && third.isSuperset(of: first.subtracting([gone])))
        #expect(!advertised.isEmpty && advertised.isDisjoint(with: third))
        // Joining makes the fanout the mesh.
        var joined = test
        #expect(try joined.router.subscribe("t", now: joined.now).grafted == third)
        joined.check()
        // It ends a minute after the last message.
        test.beat(59)
        #expect(test.router.fanouts.count == 1)
        test.beat()
        #expect(test.router.fanouts.isEmpty)
    }
}
