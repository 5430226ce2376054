import Testing

import LibP2P

@Suite struct GossipNetworkTests {
    /// Scores as a network with a few messages per second would have them.
    private var scoring: GossipScoring {
        var scoring = GossipScoring()
        scoring.topics["t"] = GossipTopicScore()
        return scoring
    }

    /// The nodes that lack one of the messages.
    private func lacking(_ network: GossipNetwork, _ messages: [GossipMessage], among nodes: Range<Int>) -> [Int] {
        nodes.filter { !network.received[$0].isSuperset(of: messages.map(id)) }
    }

    @Test(arguments: [20, 35, 50]) func everyMessageReachesAll(_ count: Int) throws {
        var network = try GossipNetwork(count, seed: UInt64(count), scoring: scoring)
        try network.dial(8, among: 0..<count)
        network.run(seconds: 3)
        var sent: [GossipMessage] = []
        for round in 0..<40 {
            let source = round * 7 % count
            sent.append(message(round, from: source, size: round.isMultiple(of: 2) ? 16 : 5000))
            try network.publish(sent[round], by: source)
            network.run(seconds: 1) { _, router in
                let mesh = router.mesh("t") ?? []
                #expect((5...12).contains(mesh.count))
                #expect(mesh.allSatisfy { router.score(of: $0) >= 0 })
            }
        }
        network.run(seconds: 1)
        #expect(lacking(network, sent, among: 0..<count) == [])
        for router in network.routers { #expect(router.connectedPeers.allSatisfy { router.score(of: $0) >= 0 }) }
    }

    @Test func theMeshAloneReachesAll() throws {
        var network = try GossipNetwork(40, seed: 4, scoring: scoring) {
            $0.floodPublish = false
            ($0.degreeLazy, $0.gossipFactor) = (0, 0)
        }
        try network.dial(8, among: 0..<40)
        network.run(seconds: 5)
        let sent = (0..<40).map { message($0, from: $0) }
        for node in 0..<40 { try network.publish(sent[node], by: node) }
        network.run(seconds: 2)
        #expect(lacking(network, sent, among: 0..<40) == [])
    }

    @Test func meshesAreMutualOnceTheNetworkIsQuiet() throws {
        var network = try GossipNetwork(30, seed: 9, scoring: scoring)
        try network.dial(8, among: 0..<30)
        network.run(seconds: 20)
        for (node, router) in network.routers.enumerated() {
            for other in router.mesh("t") ?? [] {
                #expect(network.routers[Int(other[2])].mesh("t")?.contains(peer(node)) == true)
            }
        }
    }

    @Test func gossipRepairsLosses() throws {
        var network = try GossipNetwork(30, seed: 11) { $0.floodPublish = false }
        network.loss = 70
        try network.dial(10, among: 0..<30)
        network.run(seconds: 5)
        let sent = (0..<10).map { message($0, from: $0) }
        for node in 0..<10 { try network.publish(sent[node], by: node) }
        network.run(seconds: 8)
        #expect(lacking(network, sent, among: 0..<30) == [])
        // Without gossip as much loss is not survived, so that it was gossip that repaired it.
        var bare = try GossipNetwork(30, seed: 11) {
            $0.floodPublish = false
            ($0.degreeLazy, $0.gossipFactor) = (0, 0)
        }
        bare.loss = 70
        try bare.dial(10, among: 0..<30)
        bare.run(seconds: 5)
        for node in 0..<10 { try bare.publish(sent[node], by: node) }
        bare.run(seconds: 8)
        #expect(lacking(bare, sent, among: 0..<30) != [])
    }

    @Test func aPeerThatSendsInvalidMessagesIsGraylistedAndPruned() throws {
        var network = try GossipNetwork(25, seed: 13, scoring: scoring)
        try network.dial(6, among: 0..<25)
        network.run(seconds: 5)
        let bad = 7
        for number in 0..<8 {
            var invalid = message(1000 + number, from: bad)
            invalid.data = [0xFF]
            for other in network.neighbours(bad) { network.send(GossipRPC(messages: [invalid]), from: bad, to: other) }
        }
        network.run(seconds: 2)
        for other in network.neighbours(bad) {
            #expect(network.routers[other].score(of: peer(bad)) < -1000)
            #expect(network.routers[other].mesh("t")?.contains(peer(bad)) == false)
        }
        // Nobody else suffers, and the network works without it.
        for node in 0..<25 where node != bad {
            for other in network.neighbours(node) where other != bad {
                #expect(network.routers[node].score(of: peer(other)) >= 0)
            }
        }
        let after = message(1, from: 3)
        try network.publish(after, by: 3)
        network.run(seconds: 3)
        #expect((0..<25).filter { $0 != bad && !network.received[$0].contains(id(after)) } == [])
        // What it has to say is not heard any more.
        let late = message(2, from: bad)
        try network.publish(late, by: bad)
        network.run(seconds: 3)
        #expect(network.received.filter { $0.contains(id(late)) }.count == 1)
    }

    @Test func aPartitionHeals() throws {
        var network = try GossipNetwork(30, seed: 17, scoring: scoring)
        try network.dial(8, among: 0..<30)
        network.run(seconds: 5)
        var cut: [(Int, Int)] = []
        for node in 0..<15 {
            for other in network.neighbours(node) where other >= 15 {
                cut.append((node, other))
                network.disconnect(node, other)
            }
        }
        try network.dial(6, among: 0..<15)
        try network.dial(6, among: 15..<30)
        network.run(seconds: 5)
        let (left, right) = (message(1, from: 2), message(2, from: 20))
        try network.publish(left, by: 2)
        try network.publish(right, by: 20)
        network.run(seconds: 5)
        #expect(lacking(network, [left], among: 0..<15) == [] && lacking(network, [right], among: 15..<30) == [])
        #expect(lacking(network, [right], among: 0..<15).count == 15)
        for (node, other) in cut { try network.connect(node, other) }
        network.run(seconds: 5)
        let after = [message(3, from: 5), message(4, from: 25)]
        try network.publish(after[0], by: 5)
        try network.publish(after[1], by: 25)
        network.run(seconds: 5)
        #expect(lacking(network, after, among: 0..<30) == [])
    }

    @Test func silentSybilsDoNotEclipseANode() throws {
        // Node 0 dials four honest nodes; twenty-four silent ones dial it and graft themselves first.
        var network = try GossipNetwork(40, seed: 19, scoring: scoring)
        network.silent = Set(16..<40)
        try network.dial(6, among: 1..<16)
        for node in 16..<40 { try network.connect(node, 0) }
        network.run(seconds: 5)
        for node in 1...4 { try network.connect(0, node) }
        network.run(seconds: 5)
        #expect(network.routers[0].mesh("t")?.filter { $0[2] < 16 }.count ?? 0 >= 2)
        let sent = (0..<10).map { message($0, from: 8) }
        for one in sent { try network.publish(one, by: 8) }
        network.run(seconds: 5)
        #expect(lacking(network, sent, among: 0..<16) == [])
    }

    @Test func equalSeedsGiveEqualRuns() throws {
        func digest(_ seed: UInt64) throws -> UInt64 {
            var network = try GossipNetwork(20, seed: seed, scoring: scoring)
            try network.dial(8, among: 0..<20)
            network.run(seconds: 3)
            for node in 0..<20 { try network.publish(message(node, from: node), by: node) }
            network.run(seconds: 10)
            return network.digest
        }
        let digests = try [1, 1, 2].map(digest)
        #expect(digests[0] == digests[1] && digests[1] != digests[2])
    }
}
