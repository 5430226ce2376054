import LibP2P
import PoAITestSupport
import Testing

@Suite struct KademliaLookupTests {
    @Test(arguments: UInt64(0)..<4) func findsTheClosestOfAllNodes(seed: UInt64) throws {
        let world = KademliaWorld(nodes: 400, seed: seed)
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<5 {
            let target = random.bytes(34)
            let start = world.peers[random.below(400)]
            var lookup = KademliaLookup(target, in: try world.table(start), at: .zero)
            let run = try KademliaLookupRun(&lookup, seed: seed) { peer in
                try world.table(peer).closest(to: kademliaTestHash(target), count: 20, excluding: [start.id])
            }
            #expect(run.end == .complete)
            let truth = world.closest(to: kademliaTestHash(target), count: 21).map(\.id).filter { $0 != start.id }
            #expect(run.found.map(\.id) == Array(truth.prefix(20)))
            #expect(Set(run.asked).count == run.asked.count)
            #expect(run.asked.count < 128)
        }
    }

    @Test func findsAPeer() throws {
        let world = KademliaWorld(nodes: 400, seed: 9)
        let target = world.peers[77]
        var lookup = KademliaLookup(target.id, goal: .peer, in: try world.table(world.peers[0]), at: .zero)
        let run = try KademliaLookupRun(&lookup) { peer in
            try world.table(peer).closest(to: kademliaTestHash(target.id), count: 20)
        }
        #expect(run.end == .complete)
        #expect(run.found.first?.id == target.id)
        #expect(run.asked.last == target.id || run.asked.count < 40)
    }

    @Test func worksAroundPeersThatFail() throws {
        let world = KademliaWorld(nodes: 400, seed: 5)
        let target: [UInt8] = [1, 2, 3]
        let dead = Set(world.peers.enumerated().filter { $0.offset % 3 == 1 }.map(\.element.id))
        var lookup = KademliaLookup(target, in: try world.table(world.peers[0]), at: .zero)
        let run = try KademliaLookupRun(&lookup) { peer in
            if dead.contains(peer.id) { return nil }
            return try world.table(peer).closest(to: kademliaTestHash(target), count: 20)
        }
        let truth = world.closest(to: kademliaTestHash(target), count: 60).map(\.id)
            .filter { !dead.contains($0) && $0 != world.peers[0].id }
        #expect(run.found.prefix(5).map(\.id) == Array(truth.prefix(5)))
        #expect(run.found.allSatisfy { !dead.contains($0.id) })
    }

    /// A peer that invents close peers without end costs no more than the requests of its path.
    @Test func inventedPeersAreBoundedAndMisleadOnePathOnly() throws {
        let target: [UInt8] = [0]
        var closest = UInt64.max
        func invented(_ count: Int) -> [KademliaPeer] {
            (0..<count).map { _ in
                closest -= 1
                let number = (0..<8).map { UInt8(truncatingIfNeeded: closest >> (56 - 8 * $0)) }
                return KademliaPeer(id: [0, 0] + number, addresses: [[1]])
            }
        }
        var limits = KademliaLimits()
        limits.paths = 2
        let table = KademliaTable(ownID: [0xff], limits: limits, hash: kademliaPlainHash)
        let liar = KademliaPeer(id: [2], addresses: [[1]])
        let honest = KademliaPeer(id: [3], addresses: [[1]])
        let hidden = KademliaPeer(id: [0, 0, 0, 0, 1], addresses: [[1]])
        var lookup = KademliaLookup(target, in: table, seeds: [liar, honest], at: .zero)
        let run = KademliaLookupRun(&lookup) { peer in
            if peer == liar || peer.id.count == 10 { return invented(1000) }
            return peer == honest ? [hidden] : []
        }
        #expect(run.end == .queries)
        #expect(run.asked.count == limits.queriesPerPath + 2)
        #expect(run.asked.contains(hidden.id))
        #expect(run.found.contains { $0.id == hidden.id })
        #expect(run.found.count == 20)
    }

    @Test func takesNoMoreThanTwentyOfAnAnswer() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, seeds: [kademliaPeer(0)], at: .zero)
        let run = KademliaLookupRun(&lookup) { peer in
            peer == kademliaPeer(0) ? (1..<100).map { kademliaPeer($0) } : []
        }
        #expect(run.asked.count >= 20)
        #expect(Set(run.asked).isSubset(of: (0...20).map { kademliaPeer($0).id }))
    }

    @Test func ignoresItselfAndMalformedPeers() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, seeds: [kademliaPeer(0)], at: .zero)
        let bad = [[], [0xff], [UInt8](repeating: 1, count: 65)].map { KademliaPeer(id: $0, addresses: [[4]]) }
        let run = KademliaLookupRun(&lookup) { _ in bad }
        #expect(run.asked == [kademliaPeer(0).id])
        #expect(run.found == [kademliaPeer(0)])
    }

    @Test func asksThreePerPathAtOnce() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, seeds: (0..<20).map { kademliaPeer($0) }, at: .zero)
        let first = lookup.start(at: .zero)
        #expect(first.count == 6)
        guard case .query(let peer) = first[0] else {
            Issue.record("no request")
            return
        }
        #expect(lookup.answered(peer.id, closer: [], at: .zero).count == 1)
        #expect(lookup.answered(peer.id, closer: [kademliaPeer(50)], at: .zero) == [])
        #expect(lookup.answered([9, 9], closer: [kademliaPeer(51)], at: .zero) == [])
        #expect(lookup.failed(peer.id, at: .zero) == [])
    }

    @Test func nobodyToAsk() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, at: .zero)
        #expect(lookup.start(at: .zero) == [.finished(.complete, [])])
        #expect(lookup.tick(at: .seconds(100)) == [])
    }

    @Test func givesUpSlowPeersAndThenAll() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, seeds: [kademliaPeer(1)], at: .zero)
        #expect(lookup.start(at: .seconds(1)) == [.query(kademliaPeer(1))])
        #expect(lookup.nextDeadline == .seconds(11))
        #expect(lookup.tick(at: .seconds(10)) == [])
        #expect(lookup.tick(at: .seconds(11)) == [.timedOut(kademliaPeer(1).id), .finished(.complete, [])])
        #expect(lookup.answered(kademliaPeer(1).id, closer: [], at: .seconds(11)) == [])
        lookup = KademliaLookup([1], in: table, seeds: [kademliaPeer(1)], at: .zero)
        _ = lookup.start(at: .seconds(55))
        #expect(lookup.nextDeadline == .seconds(60))
        #expect(lookup.tick(at: .seconds(60)) == [.finished(.deadline, [])])
    }

    /// A path that was given wrong addresses of a peer does not keep the other one from reaching it.
    @Test func otherPathMayReachAPeerThatFailed() {
        let table = KademliaTable(ownID: [0xff], hash: kademliaPlainHash)
        let liar = KademliaPeer(id: [2], addresses: [[1]])
        let honest = KademliaPeer(id: [3], addresses: [[1]])
        let wrong = KademliaPeer(id: [0], addresses: [[66]])
        let right = KademliaPeer(id: [0], addresses: [[77]])
        for seed in UInt64(0)..<8 {
            var lookup = KademliaLookup([0], goal: .peer, in: table, seeds: [liar, honest], at: .zero)
            let run = KademliaLookupRun(&lookup, seed: seed) { peer in
                switch peer {
                case liar: [wrong]
                case honest: [right]
                case wrong: nil
                default: []
                }
            }
            #expect(run.end == .complete)
            #expect(run.found.first == right)
        }
    }

    @Test(arguments: UInt64(0)..<20) func survivesAnyAnswers(seed: UInt64) {
        var random = DeterministicRandom(seed: seed)
        var limits = KademliaLimits()
        limits.paths = 1 + random.below(4)
        limits.queriesPerPath = 1 + random.below(30)
        limits.candidatesPerPath = 40
        let table = KademliaTable(ownID: [0xff], limits: limits, hash: kademliaTestHash)
        var lookup = KademliaLookup([1], in: table, seeds: (0..<30).map { kademliaPeer($0) }, at: .zero)
        let run = KademliaLookupRun(&lookup, seed: seed) { _ in
            if random.below(4) == 0 { return nil }
            return (0..<random.below(30)).map { _ in
                KademliaPeer(
                    id: random.bytes(random.below(3)), addresses: (0..<random.below(20)).map { _ in random.bytes(3) })
            }
        }
        #expect(run.asked.count <= limits.paths * limits.queriesPerPath)
        #expect(run.found.count <= 20)
    }
}
