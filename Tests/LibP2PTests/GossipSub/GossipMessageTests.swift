import Testing

import LibP2P

@Suite struct GossipMessageTests {
    @Test func anAcceptedMessageGoesToTheMesh() throws {
        var test = try fullRouter()
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
        var test = try fullRouter()
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        #expect(test.receive(GossipRPC(messages: [message(1), message(1)]), from: 2).isEmpty)
        let relayed = test.router.report(id(message(1)), .accept, now: test.now).relayed
        #expect(relayed == [peer(3), peer(4), peer(5), peer(6)])
    }

    @Test(arguments: [GossipVerdict.reject, .ignore]) func otherVerdictsRelayNothing(_ verdict: GossipVerdict) throws {
        var test = try fullRouter()
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
        var test = try fullRouter()
        #expect(test.receive(GossipRPC(messages: [message(1, topic: "u")]), from: 1).isEmpty)
        #expect(test.router.seen.entries.isEmpty && test.score(1) == 0)
    }

    @Test func messagesOfUnknownPeersAreDropped() throws {
        var test = try fullRouter()
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 99).isEmpty)
    }

    @Test func aForgeryDoesNotKeepTheMessageOut() throws {
        var test = try fullRouter()
        var forged = message(1)
        forged.signature = forgery
        #expect(test.receive(GossipRPC(messages: [forged]), from: 1).isEmpty)
        #expect(test.score(1) == -1)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).validations == [id(message(1))])
    }

    @Test func messagesWithoutAnIDAreInvalid() throws {
        var test = try fullRouter()
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
        var test = try fullRouter()
        #expect(test.receive(GossipRPC(messages: [message(1, from: 0)]), from: 1).isEmpty)
        #expect(test.score(1) == 0 && test.router.seen.entries.isEmpty)
    }

    @Test func tooLongMessagesAreInvalid() throws {
        var test = try fullRouter { $0.maxMessageBytes = 100 }
        let fitting = message(1, size: 100 - 3 - 8 - 1)
        let tooLong = message(2, size: 100 - 3 - 8)
        #expect(test.receive(GossipRPC(messages: [fitting]), from: 1).validations.count == 1)
        #expect(test.score(1) == 0)
        #expect(test.receive(GossipRPC(messages: [tooLong]), from: 1).isEmpty)
        #expect(test.score(1) == -1)
        #expect(throws: GossipError.messageRefused) { try test.router.publish(tooLong, now: test.now) }
    }

    @Test func idsAreForgottenAfterTwoMinutes() throws {
        var test = try fullRouter()
        test.deliver(message(1), from: 1)
        test.beat(119)
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).isEmpty)
        test.beat()
        #expect(test.receive(GossipRPC(messages: [message(1)]), from: 2).validations.count == 1)
    }

    @Test func unreportedMessagesAreForgotten() throws {
        var test = try fullRouter { $0.maxValidating = 2 }
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
        var test = try fullRouter { $0.maxValidatingBytes = 1000 }
        let many = (1...20).map { message($0, size: 88) }
        #expect(test.receive(GossipRPC(messages: many), from: 1).validations.count == 10)
    }

    @Test func aTopicThatWasLeftIsNotRelayed() throws {
        var test = try fullRouter()
        _ = test.receive(GossipRPC(messages: [message(1)]), from: 1)
        _ = test.router.unsubscribe("t", now: test.now)
        #expect(test.router.report(id(message(1)), .accept, now: test.now).isEmpty)
        test.check()
    }
}
