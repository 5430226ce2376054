import LibP2P

/// RPCs of gossipsub, and a router that gets them from a few peers while its owner goes on: its invariants hold.
enum GossipTarget {
    private static let topics = ["t", "u", "v"]
    private static let signing = GossipSigning.strictSign(NodeKey())

    @Sendable static func run(_ input: [UInt8]) {
        check(input)
        var router = makeRouter()
        var script = InputScript(input)
        var now = Duration.zero
        while !script.isEmpty {
            check(step(&router, &script, &now), router)
            let broken = router.invariants()
            require(broken.isEmpty, "\(broken)")
        }
    }

    /// An RPC is written as it was read, whole and in parts.
    private static func check(_ bytes: [UInt8]) {
        guard let rpc = try? bounded(bytes, factor: 192, { try GossipRPC(encoded: bytes) }) else { return }
        require((try? GossipRPC(encoded: rpc.encoded)) == rpc, "what is written is read back")
        for limit in [200, GossipRPC.maximumBytes] {
            let parts = rpc.encodedParts(limit: limit)
            require(parts.allSatisfy { $0.count <= limit && (try? GossipRPC(encoded: $0)) != nil }, "parts are RPCs")
        }
        for message in rpc.messages where signing.isAuthentic(message) {
            require(!signing.isAuthentic(changed(message)), "the data is signed")
        }
    }

    private static func changed(_ message: GossipMessage) -> GossipMessage {
        var message = message
        message.data.append(0)
        return message
    }

    private static func peer(_ number: Int) -> GossipPeerID { [0xAA, UInt8(number)] }

    private static func makeRouter() -> GossipSub {
        var configuration = GossipConfiguration()
        (configuration.maxPeers, configuration.maxTopics, configuration.maxTopicsPerPeer) = (6, 2, 3)
        (configuration.maxTopicBytes, configuration.maxSeen, configuration.maxValidating) = (8, 20, 4)
        (configuration.maxCached, configuration.maxBackoffs, configuration.maxHaveIDs) = (6, 4, 8)
        (configuration.maxWantIDs, configuration.maxDontWantIDs) = (8, 8)
        (configuration.maxValidatingBytes, configuration.maxCachedBytes) = (600, 600)
        (configuration.maxMessageBytes, configuration.peerExchange, configuration.dontWantThreshold) = (300, true, 16)
        var scoring = GossipScoring()
        scoring.topics = ["t": GossipTopicScore()]
        (scoring.behaviourWeight, scoring.acceptExchangeThreshold) = (-0.5, 0)
        let made = try? GossipSub(
            id: peer(0), configuration: configuration, scoring: scoring, random: Steps(),
            isAuthentic: { $0.signature?.first != 0xBA })
        guard var router = made else { fatalError("the configuration is valid") }
        _ = try? router.subscribe("t", now: .zero)
        for number in 1...3 {
            _ = try? router.peerConnected(
                peer(number), version: .v1_2, outbound: number == 1, addresses: ["\(number / 2)"], now: .zero)
        }
        return router
    }

    private static func step(
        _ router: inout GossipSub, _ script: inout InputScript, _ now: inout Duration
    ) -> [GossipAction] {
        let choice = script.byte()
        let number = Int(choice >> 4) % 8
        let topic = topics[number % topics.count]
        switch choice & 15 {
        case 0...5:
            guard let rpc = try? GossipRPC(encoded: script.run()) else { break }
            return router.receive(rpc, from: peer(number), now: now)
        case 6:
            let versions: [GossipVersion] = [.v1_0, .v1_1, .v1_2]
            return
                (try? router.peerConnected(
                    peer(number), version: versions[script.below(3)], outbound: script.below(2) == 0, now: now)) ?? []
        case 7: router.peerDisconnected(peer(number), now: now)
        case 8: return (try? router.subscribe(topic, now: now)) ?? []
        case 9: return router.unsubscribe(topic, now: now)
        case 10...12:
            let verdict = [GossipVerdict.accept, .reject, .ignore][script.below(3)]
            let waiting = router.pending.keys.min { $0.lexicographicallyPrecedes($1) }
            return waiting.map { router.report($0, verdict, now: now) } ?? []
        case 13:
            let count = [UInt8](repeating: script.byte(), count: 8)
            let message = GossipMessage(source: peer(0), data: script.run(), sequenceNumber: count, topic: topic)
            return (try? router.publish(message, now: now).actions) ?? []
        default:
            now += .milliseconds(script.number())
            return router.heartbeat(now: now)
        }
        return []
    }

    /// What is sent goes to peers that are there, and can be read.
    private static func check(_ actions: [GossipAction], _ router: GossipSub) {
        for case .send(let rpc, let peer) in actions {
            require(router.connectedPeers.contains(peer), "nothing is sent to who is not there")
            require((try? GossipRPC(encoded: rpc.encoded)) == rpc, "what is sent can be read")
        }
    }

    /// The same random numbers for each input.
    private struct Steps: RandomNumberGenerator {
        var state: UInt64 = 0

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        }
    }
}
