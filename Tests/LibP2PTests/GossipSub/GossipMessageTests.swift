import Testing

@testable import LibP2P

@Suite struct GossipMessageTests {
    /// A router with peers 1...6 in the mesh and 7...10 outside.
    private func full(_ configure: (inout GossipConfiguration) -> Void = { _ in }) throws -> TestRouter {
        var test = try TestRouter(scoring: plainScoring { $0.invalidWeight = -1 }, configure)
        for number in 1...6 { try test.connect(number) }
        test.beat()
        for number in 7...10 { try test.connect(number) }
        return test
    }

    @Test func anAcceptedMessageGoesToTheMesh() throws {
        var test = try full()
        let sent = message(1, from: 3)
        let asked = test.receive(GossipRPC(messages: [sent]), from: 1)
        #expect(asked == [.validate(id(sent), sent, from: peer(1))])
        let relayed = test.router.report(id(sent), .accept, now: test.now)
        // Neither to the sender nor to the source.
        #expect(relayed.relayed == [peer(2), peer(4), peer(5), peer(6)])
        #expect(relayed.sent.allSatisfy { $0.rpc == GossipRPC(messages: [sent]) })
        #expect(test.router.report(id(sent), .accept, now: test.now).isEmpty)
        test.check()
    }

    @Test func peersThatSentItTooAreSpared() throws {
        var test = try full()
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        #expect(test.receive(GossipRPC(messages: [message(1), message(1)]), from: 2).isEmpty)
        let relayed = test.router.report(id(message(1)), .accept, now: test.now).relayed
        #expect(relayed == [peer(3), peer(4), peer(5), peer(6)])
    }

    @Test(arguments: [GossipVerdict.reject, .ignore]) func otherVerdictsRelayNothing(_ verdict: GossipVerdict) throws {
        var test = try full()
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 2)
        #expect(test.router.report(id(message(1)), verdict, now: test.now).isEmpty)
        let penalty = verdict == .reject ? -1.0 : 0
        #expect([test.score(1), test.score(2), test.score(3)] == [penalty, penalty, 0])
        // Who sends it afterwards shares the blame, once.
        for _ in 0..<3 { #expect(test.receive(GossipRPC(messages: [message(1)]), from: 3).isEmpty) }
        #expect(test.score(3) == penalty)
        #expect(test.router.cache.count == 0)
        #expect(test.beat().advertised.isEmpty)
    }

    @Test func messagesOfOtherTopicsAreDropped() throws {
        var test = try full()
        #expect(test.receive(GossipRPC(messages: [message(1, topic: "u")]), from: 1).isEmpty)
        #expect(test.router.seen.entries.isEmpty && test.score(1) == 0)
    }

    @Test func messagesOfUnknownPeersAreDropped() throws {
        var test = try full()
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 99).isEmpty)
    }

    @Test func aForgeryDoesNotKeepTheMessageOut() throws {
        var test = try full()
        var forged = message(1)
        forged.signature = forgery
        #expect(test.receive(GossipRPC(messages: [forged]), from: 1).isEmpty)
        #expect(test.score(1) == -1)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).validations == [id(message(1))])
    }

    @Test func messagesWithoutAnIDAreInvalid() throws {
        var test = try full()
        var noSource = message(1)
        noSource.source = nil
        var noNumber = message(2)
        noNumber.sequenceNumber = nil
        var shortNumber = message(3)
        shortNumber.sequenceNumber = [1, 2, 3]
        var longSource = message(4)
        longSource.source = Array(repeating: 1, count: 249)
        for (index, wrong) in [noSource, noNumber, shortNumber, longSource].enumerated() {
            #expect(test.receive(GossipRPC(messages: [wrong]), from: 1).isEmpty)
            #expect(test.score(1) == -Double((index + 1) * (index + 1)))
            #expect(throws: GossipError.messageRefused) { try test.router.publish(wrong, now: test.now) }
        }
        longSource.source = Array(repeating: 1, count: 248)
        #expect(test.receive(GossipRPC(messages: [longSource]), from: 2).validations.count == 1)
    }

    @Test func ownMessagesThatComeBackAreDropped() throws {
        var test = try full()
        #expect(test.receive(GossipRPC(messages: [message(1, from: 0)]), from: 1).isEmpty)
        #expect(test.score(1) == 0 && test.router.seen.entries.isEmpty)
    }

    @Test func tooLongMessagesAreInvalid() throws {
        var test = try full { $0.maxMessageBytes = 100 }
        let fitting = message(1, size: 100 - 3 - 8 - 1)
        let tooLong = message(2, size: 100 - 3 - 8)
        #expect(test.receive(GossipRPC(messages: [fitting]), from: 1).validations.count == 1)
        #expect(test.score(1) == 0)
        #expect(test.receive(GossipRPC(messages: [tooLong]), from: 1).isEmpty)
        #expect(test.score(1) == -1)
        #expect(throws: GossipError.messageRefused) { try test.router.publish(tooLong, now: test.now) }
    }

    @Test func ownMessagesGoToEverySubscriber() throws {
        var test = try full()
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
        var test = try full { $0.floodPublish = false }
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

    @Test func idsAreForgottenAfterTwoMinutes() throws {
        var test = try full()
        test.deliver(message(1), from: 1)
        test.beat(119)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).isEmpty)
        test.beat()
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).validations.count == 1)
    }

    @Test func unreportedMessagesAreForgotten() throws {
        var test = try full { $0.maxValidating = 2 }
        let three = GossipRPC(messages: [message(1), message(2), message(3)])
        #expect(test.receive(three, from: 1).validations.count == 2)
        // What found no room is not remembered either, so that it can come again.
        _ = test.router.report(id(message(1)), .ignore, now: test.now)
        #expect(test.receive(three, from: 1).validations == [id(message(3))])
        test.beat(120)
        #expect(test.router.pending.isEmpty && test.router.pendingBytes == 0)
        #expect(test.router.report(id(message(2)), .accept, now: test.now).isEmpty)
    }

    @Test func waitingMessagesAreBoundedInBytes() throws {
        var test = try full { $0.maxValidatingBytes = 1000 }
        let many = (1...20).map { message($0, size: 88) }
        #expect(test.receive(GossipRPC(messages: many), from: 1).validations.count == 10)
    }

    @Test func aTopicThatWasLeftIsNotRelayed() throws {
        var test = try full()
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        _ = test.router.unsubscribe("t", now: test.now)
        #expect(test.router.report(id(message(1)), .accept, now: test.now).isEmpty)
        test.check()
    }

    @Test func largeMessagesAreDeclinedElsewhere() throws {
        var test = try full()
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
        var test = try full()
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
        var test = try full()
        let ids = (0..<3000).map { id(message($0)) }
        for _ in 0..<5 {
            _ = test.receive(GossipControl(dontWant: [ids, [Array(repeating: 1, count: 257)], [[]]]), from: 2)
        }
        #expect(test.router.peers[peer(2)]?.unwanted.count == 1000)
        test.beat(3)
        #expect(test.router.peers[peer(2)]?.unwanted.isEmpty == true)
    }
}
