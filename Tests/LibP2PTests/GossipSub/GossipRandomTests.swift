import PoAITestSupport
import Testing

import LibP2P

/// Random calls of one router, whose invariants hold after each.
@Suite struct GossipRandomTests {
    @Test(arguments: 1...6) func invariantsHoldAfterEveryStep(_ seed: UInt64) throws {
        var walk = try Walk(seed: seed)
        for _ in 0..<4000 { try walk.step() }
        #expect(walk.kinds.count == 11)
        #expect(walk.relayed > 10 && walk.grafted > 10 && walk.pruned > 10)
    }

    /// Small bounds and few names, so that everything collides.
    private struct Walk {
        var test: TestRouter
        var random: DeterministicRandom
        var kinds: Set<Int> = []
        var (relayed, grafted, pruned) = (0, 0, 0)
        let topics = ["t", "u", "v", "w", "too long a name"]

        init(seed: UInt64) throws {
            random = DeterministicRandom(seed: seed)
            var scoring = plainScoring {
                $0.invalidWeight = -5
                $0.firstDeliveriesWeight = 1
                $0.meshDeliveriesWeight = -0.1
                $0.meshDeliveriesActivation = .seconds(3)
                $0.meshFailureWeight = -0.1
            }
            scoring.colocationThreshold = 10
            scoring.maxRetained = 5
            scoring.retention = .seconds(20)
            scoring.behaviourWeight = -0.5
            scoring.behaviourDecay = 0.9
            scoring.acceptExchangeThreshold = 0
            test = try TestRouter(seed: seed, scoring: scoring) {
                ($0.maxPeers, $0.maxTopics, $0.maxTopicsPerPeer, $0.maxTopicBytes) = (24, 3, 3, 8)
                ($0.maxSeen, $0.maxValidating, $0.maxCached, $0.maxBackoffs) = (40, 8, 12, 10)
                ($0.maxHaveIDs, $0.maxWantIDs, $0.maxDontWantIDs) = (20, 20, 10)
                ($0.maxValidatingBytes, $0.maxCachedBytes, $0.maxMessageBytes) = (3000, 3000, 1500)
                ($0.seenLifetime, $0.peerExchange) = (.seconds(15), true)
                $0.floodPublish = !seed.isMultiple(of: 2)
                $0.pruneBackoff = .seconds(8)
                $0.opportunisticGraftPeriod = .seconds(5)
            }
        }

        mutating func topic() -> String { topics[random.below(topics.count)] }

        mutating func any() -> GossipMessage {
            var made = message(random.below(60), from: random.below(4) == 0 ? 0 : 50, topic: topic())
            made.data = random.bytes(random.below(10) == 0 ? 1200 : 10)
            if random.below(15) == 0 { made.signature = forgery }
            if random.below(30) == 0 { made.source = nil }
            return made
        }

        mutating func ids() -> [GossipMessageID] {
            (0..<random.below(12)).map { _ in random.below(20) == 0 ? random.bytes(random.below(300)) : id(any()) }
        }

        mutating func control() -> GossipControl {
            var control = GossipControl()
            switch random.below(5) {
            case 0: control.have = [GossipIHave(topic: topic(), ids: ids()), GossipIHave(topic: topic(), ids: ids())]
            case 1: control.want = [ids(), ids()]
            case 2: control.graft = [topic(), topic()]
            case 3:
                let infos = (0..<3).map { _ in GossipPeerInfo(peer: peer(random.below(40))) }
                let backoff = random.below(3) == 0 ? random.next() : UInt64(random.below(20))
                control.prune = [GossipPrune(topic: topic(), peers: infos, backoff: backoff)]
            default: control.dontWant = [ids()]
            }
            return control
        }

        mutating func step() throws {
            let kind = random.below(11)
            kinds.insert(kind)
            let number = random.below(40)
            var actions: [GossipAction] = []
            switch kind {
            case 0:
                let version: [GossipVersion] = [.v1_0, .v1_1, .v1_2]
                actions =
                    (try? test.router.peerConnected(
                        peer(number), version: version[random.below(3)], outbound: random.below(2) == 0,
                        addresses: ["\(random.below(4))", "\(random.below(4))"], now: test.now)) ?? []
            case 1: if random.below(3) == 0 { test.disconnect(number) }
            case 2: actions = (try? test.router.subscribe(topic(), now: test.now)) ?? []
            case 3: if random.below(4) == 0 { actions = test.router.unsubscribe(topic(), now: test.now) }
            case 4: actions = (try? test.router.publish(any(), now: test.now).actions) ?? []
            case 5:
                let change = GossipSubscription(subscribe: random.below(5) != 0, topic: topic())
                actions = test.receive(GossipRPC(subscriptions: [change]), from: number)
            case 6: actions = test.receive(GossipRPC(messages: [any(), any()]), from: number)
            case 7: actions = test.receive(control(), from: number)
            case 8:
                let verdicts: [GossipVerdict] = [.accept, .accept, .reject, .ignore]
                for id in test.router.pending.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).prefix(3) {
                    actions += test.router.report(id, verdicts[random.below(4)], now: test.now)
                }
            case 9: test.router.setApplicationScore(Double(random.below(40)) - 10, of: peer(number))
            default:
                test.now += .milliseconds(random.below(2000))
                actions = test.router.heartbeat(now: test.now)
                for topic in test.router.topics { #expect((test.router.mesh(topic)?.count ?? 0) <= 12) }
            }
            test.check()
            // Nothing is sent to a peer that is not connected.
            #expect(actions.sent.allSatisfy { test.router.peers[$0.peer] != nil })
            relayed += actions.relayed.count
            grafted += actions.grafted.count
            pruned += actions.pruned.count
        }
    }
}
