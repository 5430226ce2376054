import Testing

import LibP2P

/// IDONTWANT.
@Suite struct GossipDeclineTests {
    @Test func largeMessagesAreDeclinedElsewhere() throws {
        var test = try fullRouter()
        try test.connect(11, version: .v1_1)
        _ = test.receive(GossipControl(graft: ["t"]), from: 11)
        let large = message(1, from: 2, size: 1024)
        let actions = test.receive(GossipRPC(messages: [large]), from: 1)
        // Not to the sender, not to the source, not to a peer of 1.1; before the validation.
        #expect(actions.unwanted == [peer(3), peer(4), peer(5), peer(6)])
        #expect(actions.sent(to: 3).first?.control.dontWant == [[id(large)]])
        #expect(test.receive(GossipRPC(messages: [large]), from: 3).isEmpty)
        #expect(test.receive(GossipRPC(messages: [message(2, size: 1023)]), from: 1).unwanted.isEmpty)
    }

    @Test func whatAPeerDeclinesIsNotRelayedToItForThreeHeartbeats() throws {
        var test = try fullRouter()
        let decline = GossipControl(dontWant: [[id(message(1))], [id(message(2))]])
        #expect(test.receive(decline, from: 2).isEmpty)
        #expect(test.deliver(message(1), from: 1).relayed == [peer(3), peer(4), peer(5), peer(6)])
        #expect(try !test.router.publish(message(2), now: test.now).actions.relayed.contains(peer(2)))
        _ = test.receive(GossipControl(dontWant: [[id(message(3)), id(message(4))]]), from: 2)
        test.beat(2)
        #expect(!test.deliver(message(3), from: 1).relayed.contains(peer(2)))
        test.beat()
        #expect(test.deliver(message(4), from: 1).relayed.contains(peer(2)))
    }

    @Test func aFloodOfDeclinesIsBounded() throws {
        var test = try fullRouter()
        for round in 0..<5 {
            let ids = (0..<700).map { id(message(1000 * round + $0)) }
            _ = test.receive(GossipControl(dontWant: [ids, [Array(repeating: 1, count: 257)], [[]]]), from: 2)
        }
        // A thousand were read, and two of them are no ids.
        #expect(test.router.peers[peer(2)]?.unwanted.count == 998)
        test.beat(3)
        #expect(test.router.peers[peer(2)]?.unwanted.isEmpty == true)
    }
}
