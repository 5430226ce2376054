import LibP2P
import PoAITestSupport
import Synchronization
import Testing

/// What is found out of messages before the router's turn.
@Suite struct GossipExaminationTests {
    /// A router that notes whose signatures and ids it had to look for itself.
    private final class Looks: Sendable {
        let signatures = Mutex(0)
        let ids = Mutex(0)
    }

    private static func router(_ looks: Looks) throws -> GossipSub {
        var router = try GossipSub(
            id: peer(0), random: DeterministicRandom(seed: 1),
            messageID: { message in
                looks.ids.withLock { $0 += 1 }
                return GossipMessage.defaultID(message)
            },
            isAuthentic: { message in
                looks.signatures.withLock { $0 += 1 }
                return message.signature != forgery
            })
        _ = try router.subscribe("t", now: .zero)
        _ = try router.peerConnected(peer(1), version: .v1_2, outbound: false, addresses: [], now: .zero)
        return router
    }

    @Test func theRouterTakesWhatWasFoundOut() throws {
        let looks = Looks()
        var router = try Self.router(looks)
        let messages = (1...3).map { message($0) }
        let examined = [
            0: GossipExamination(id: id(messages[0]), isAuthentic: true),
            1: GossipExamination(id: id(messages[1]), isAuthentic: false), 2: GossipExamination(id: nil),
        ]
        let actions = router.receive(GossipRPC(messages: messages), examined, from: peer(1), now: .zero)
        #expect(actions.validations == [id(messages[0])])
        #expect(looks.signatures.withLock { $0 } == 0 && looks.ids.withLock { $0 } == 0)
        #expect(router.invariants() == [])
    }

    @Test func itLooksItselfAtWhatNobodyLookedAt() throws {
        let looks = Looks()
        var router = try Self.router(looks)
        var forged = message(2)
        forged.signature = forgery
        let examined = [0: GossipExamination(id: id(message(1)))]
        let rpc = GossipRPC(messages: [message(1), forged])
        #expect(router.receive(rpc, examined, from: peer(1), now: .zero).validations == [id(message(1))])
        #expect(looks.signatures.withLock { $0 } == 2 && looks.ids.withLock { $0 } == 1)
    }

    @Test func onlySignaturesThatDecideAreLookedAt() throws {
        var router = try Self.router(Looks())
        let known = message(1)
        _ = router.receive(GossipRPC(messages: [known]), from: peer(1), now: .zero)
        let messages = [
            known, message(2), message(2), message(3, topic: "other"), message(4, from: 0),
            message(5, size: router.configuration.maxMessageBytes + 1), message(6),
        ]
        let readable = router.readable(messages, from: peer(1))
        #expect(readable == [0, 1, 2, 4, 6])
        #expect(router.readable(messages, from: peer(9)).isEmpty)
        var examined: [Int: GossipExamination] = [:]
        for index in readable { examined[index] = GossipExamination(id: id(messages[index])) }
        #expect(router.unverified(messages, examined) == [1, 6])
        examined[6] = GossipExamination(id: nil)
        #expect(router.unverified(messages, examined) == [1])
    }
}
