import LibP2P
import PoAITestSupport
import Testing

@Suite struct KademliaServerTests {
    private func table() -> KademliaTable {
        var table = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        for number in 0..<60 {
            let peer = kademliaPeer(number)
            _ = table.insert(peer, reachedAt: peer.addresses[0], at: .zero)
        }
        return table
    }

    @Test func answersWithTheTwentyClosest() throws {
        let table = table()
        var server = KademliaServer()
        let key: [UInt8] = [5, 6]
        let closest = table.closest(to: kademliaTestHash(key), count: 21)
        let answer = try server.answer(.findNode(key), from: [1], table: table, at: .zero)
        #expect(answer == .nodes(Array(closest.prefix(20))))
        let other = try server.answer(.findNode(key), from: closest[3].id, table: table, at: .zero)
        #expect(other == .nodes(closest.filter { $0 != closest[3] }))
        let found = try server.answer(.findNode(closest[9].id), from: [1], table: table, at: .zero)
        guard case .nodes(let nodes) = found else {
            Issue.record("no nodes")
            return
        }
        #expect(nodes.first == closest[9])
        let value = try server.answer(.getValue(key), from: [1], table: table, at: .zero)
        #expect(value == .value(nil, closer: Array(closest.prefix(20))))
        let providers = try server.answer(.getProviders(key), from: [1], table: table, at: .zero)
        #expect(providers == .providers([], closer: Array(closest.prefix(20))))
        #expect(try server.answer(.ping, from: [1], table: table, at: .zero) == .pong)
    }

    @Test func refusesToStoreAndBadKeys() {
        let table = table()
        var server = KademliaServer()
        func expect(_ request: KademliaRequest, _ refusal: KademliaRefusal) {
            #expect(throws: refusal) { try server.answer(request, from: [1], table: table, at: .zero) }
        }
        expect(.putValue(KademliaRecord(key: [1], value: [2])), .storage)
        expect(.addProvider([1], []), .storage)
        for key in [[], [UInt8](repeating: 1, count: 129)] {
            expect(.findNode(key), .key)
            expect(.getValue(key), .key)
            expect(.getProviders(key), .key)
        }
        #expect(throws: Never.self) {
            try server.answer(.findNode([UInt8](repeating: 1, count: 128)), from: [1], table: table, at: .zero)
        }
    }

    @Test func limitsTheRateOfAPeer() throws {
        let table = table()
        var server = KademliaServer(burst: 3, rate: 2, clients: 10)
        func asks(_ client: [UInt8], _ now: Duration) -> Bool {
            (try? server.answer(.ping, from: client, table: table, at: now)) == .pong
        }
        #expect((0..<5).map { _ in asks([1], .zero) } == [true, true, true, false, false])
        #expect(asks([2], .zero))
        #expect(!asks([1], .milliseconds(499)))
        #expect(asks([1], .milliseconds(500)))
        #expect(!asks([1], .milliseconds(500)))
        #expect((0..<5).map { _ in asks([1], .seconds(60)) } == [true, true, true, false, false])
    }

    @Test func countsNoMoreClientsThanAllowed() throws {
        let table = table()
        var server = KademliaServer(burst: 3, rate: 2, clients: 10)
        var answered = 0
        for client in UInt8(0)..<100 {
            answered += (try? server.answer(.ping, from: [client], table: table, at: .zero)) == nil ? 0 : 1
            #expect(server.countedClients <= 10)
        }
        #expect(answered == 10)
        #expect(try server.answer(.ping, from: [50], table: table, at: .seconds(1)) == .pong)
        #expect(server.countedClients == 1)
    }

    @Test func refreshesAllUsedBuckets() {
        let table = table()
        var random = DeterministicRandom(seed: 1)
        var refresh = KademliaRefresh(at: .seconds(5))
        #expect(refresh.targets(for: table, at: .seconds(4), using: &random) == [])
        let targets = refresh.targets(for: table, at: .seconds(5), using: &random)
        #expect(targets.first == table.ownID)
        let places = targets.dropFirst().map { table.ownKey.commonPrefixLength(with: kademliaTestHash($0)) }
        #expect(table.usedBuckets > 3)
        #expect(places == Array(0..<min(10, table.usedBuckets)))
        #expect(refresh.next == .seconds(305))
        #expect(refresh.targets(for: table, at: .seconds(304), using: &random) == [])
        #expect(refresh.targets(for: table, at: .seconds(305), using: &random).count == targets.count)
        let empty = KademliaTable(ownID: [0xff], hash: kademliaTestHash)
        var start = KademliaRefresh(at: .zero)
        #expect(start.targets(for: empty, at: .zero, using: &random) == [[0xff]])
    }

    /// A hash with which no key of a bucket can be found does not keep the refresh from ending.
    @Test func givesUpOnBucketsWithoutKeys() {
        var random = DeterministicRandom(seed: 2)
        var table = KademliaTable(ownID: [0], hash: { KademliaKey(digest: $0.count == 32 ? [0x80] : $0) })
        _ = table.insert(KademliaPeer(id: [1], addresses: [[9]]), reachedAt: [9], at: .zero)
        #expect(table.usedBuckets == 8)
        var refresh = KademliaRefresh(at: .zero)
        #expect(refresh.targets(for: table, at: .zero, using: &random).count == 2)
    }
}
