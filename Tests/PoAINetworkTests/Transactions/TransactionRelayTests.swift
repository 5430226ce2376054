import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import Testing

import struct LibP2P.PeerID

@Suite struct TransactionRelayTests {
    typealias Entry = TransactionAnnouncement.Entry

    static func hash(_ number: Int) -> Hash32 { Keccak256.hash([UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]) }
    static func entries(_ numbers: Range<Int>, size: Int = 100) -> [Entry] {
        numbers.map { Entry(hash: hash($0), size: size) }
    }

    @Test func oneRequestAtATimeAndTheNextAnnouncerAfterAFailure() throws {
        var relay = TransactionRelay()
        let (one, two) = (try RelayTests.peer(1), try RelayTests.peer(2))
        #expect(relay.announced(Self.entries(0..<1), by: one, at: .zero).isEmpty)
        relay.admit(one, at: .zero)
        relay.admit(two, at: .zero)
        for peer in [one, two, two] {
            #expect(relay.announced(Self.entries(0..<1), by: peer, at: .zero) == [Self.hash(0)])
        }
        let first = try #require(relay.fetches(at: .zero).first)
        #expect(first.peer == one && first.hashes == [Self.hash(0)])
        #expect(relay.fetches(at: .zero).isEmpty)
        #expect(relay.failed(first.id).isEmpty)
        let second = try #require(relay.fetches(at: .zero).first)
        #expect(second.peer == two)
        #expect(relay.failed(second.id) == [.init(hash: Self.hash(0), outcome: .missing)])
        #expect(relay.fetches(at: .zero).isEmpty && relay.wantedCount == 0)
        // An answer that comes too late is nobody's.
        #expect(relay.delivered(second.id, [(Self.hash(0), 100)], at: .zero) == nil)
    }

    @Test func aDeliveredOneIsNotFetchedAgain() throws {
        var relay = TransactionRelay()
        let peer = try RelayTests.peer(1)
        relay.admit(peer, at: .zero)
        _ = relay.announced(Self.entries(0..<2), by: peer, at: .zero)
        let fetch = try #require(relay.fetches(at: .zero).first)
        let items = [(hash: Self.hash(0), size: 100), (hash: Self.hash(7), size: 100), (hash: Self.hash(0), size: 100)]
        let answer = relay.delivered(fetch.id, items, at: .zero)
        let delivery = try #require(answer)
        #expect(delivery.taken == [Self.hash(0)] && delivery.offence == .wrongAnswer)
        #expect(delivery.resolved == [.init(hash: Self.hash(1), outcome: .missing)])
        #expect(
            relay.judged(Self.hash(0), size: 100, .refused("fee"), at: .zero)
                == .init(hash: Self.hash(0), outcome: .refused(size: 100)))
        #expect(relay.judged(Self.hash(0), size: 100, .added, at: .zero) == nil)
        #expect(relay.announced(Self.entries(0..<1), by: peer, at: .seconds(59)).isEmpty)
        #expect(relay.announced(Self.entries(0..<1), by: peer, at: .seconds(60)) == [Self.hash(0)])
    }

    @Test func whatThereIsNoPlaceForIsTriedAgainSoonAndThenMoreSeldom() throws {
        var relay = TransactionRelay()
        let (peer, hash) = (try RelayTests.peer(1), Self.hash(0))
        relay.admit(peer, at: .zero)
        var now = Duration.zero
        func fetch(_ verdict: PoolVerdict) throws {
            #expect(relay.announced(Self.entries(0..<1), by: peer, at: now) == [hash])
            let fetch = try #require(relay.fetches(at: now).first)
            _ = relay.delivered(fetch.id, [(hash, 100)], at: now)
            _ = relay.judged(hash, size: 100, verdict, at: now)
        }
        for seconds in [5, 10, 20, 40, 60, 60] {
            try fetch(.notYet("full"))
            #expect(relay.nextTry(of: hash) == now + .seconds(seconds))
            #expect(relay.isSettled(hash, at: now + .seconds(seconds) - .milliseconds(1)))
            now += .seconds(seconds)
        }
        try fetch(.added)
        #expect(relay.nextTry(of: hash) == nil)
        #expect(relay.isSettled(hash, at: now + .seconds(599)))
        // What is plainly refused has no next try.
        now += .seconds(600)
        try fetch(.refused("fee"))
        #expect(relay.nextTry(of: hash) == nil)
    }

    @Test func requestsHaveABoundOfHashesAndOfClaimedBytes() throws {
        var relay = TransactionRelay()
        let (one, two) = (try RelayTests.peer(1), try RelayTests.peer(2))
        relay.admit(one, at: .zero)
        relay.admit(two, at: .zero)
        _ = relay.announced(Self.entries(0..<300), by: one, at: .zero)
        _ = relay.announced(Self.entries(1000..<1040, size: WireLimits.transaction), by: two, at: .zero)
        let fetches = relay.fetches(at: .zero)
        #expect(fetches.first { $0.peer == one }?.hashes == (0..<256).map(Self.hash))
        let large = try #require(fetches.first { $0.peer == two })
        #expect(large.hashes.count == 16)
        // Its bucket of bytes: 4 MiB at once, 1 MiB a second after.
        _ = relay.failed(large.id)
        let next = try #require(relay.fetches(at: .zero).first { $0.peer == two })
        #expect(next.hashes.count == 16)
        _ = relay.failed(next.id)
        #expect(!relay.fetches(at: .zero).contains { $0.peer == two })
        #expect(relay.fetches(at: .seconds(1)).contains { $0.peer == two })
    }

    @Test func aFloodIsBounded() throws {
        var relay = TransactionRelay()
        for byte in UInt8(1)...8 { relay.admit(try RelayTests.peer(byte), at: .zero) }
        var accepted = 0
        for round in 0..<40 {
            let peer = try RelayTests.peer(UInt8(1 + round % 8))
            for start in stride(from: 0, to: 2560, by: 256) {
                let first = round * 2560 + start
                let entries = (first..<first + 256).map { number in
                    Entry(hash: Keccak256.hash(Self.hash(number % 65_536)), size: 1 + number / 65_536)
                }
                accepted += relay.announced(entries, by: peer, at: .zero).count
            }
        }
        #expect(relay.wantedCount == relay.limits.wanted && accepted >= relay.limits.wanted)
        #expect(relay.brokenInvariants == [])
        #expect(relay.expire(at: relay.limits.wantTime).resolved.count == relay.limits.wanted)
        #expect(relay.wantedCount == 0 && relay.brokenInvariants == [])
    }

    @Test func theBucketOfAnnouncedHashesEnds() throws {
        var limits = TransactionRelay.Limits()
        limits.announced = (burst: 10, rate: 2)
        var relay = TransactionRelay(limits: limits)
        let peer = try RelayTests.peer(1)
        relay.admit(peer, at: .zero)
        #expect(relay.announced(Self.entries(0..<20), by: peer, at: .zero).count == 10)
        #expect(relay.announced(Self.entries(20..<40), by: peer, at: .seconds(3)).count == 6)
    }

    @Test func silenceIsNoted() throws {
        var relay = TransactionRelay()
        let peer = try RelayTests.peer(1)
        relay.admit(peer, at: .zero)
        _ = relay.announced(Self.entries(0..<63), by: peer, at: .zero)
        var fetch = try #require(relay.fetches(at: .zero).first)
        #expect(relay.delivered(fetch.id, [], at: .zero)?.offence == nil)
        _ = relay.announced(Self.entries(100..<101), by: peer, at: .zero)
        fetch = try #require(relay.fetches(at: .zero).first)
        #expect(relay.delivered(fetch.id, [], at: .zero)?.offence == .silent)
        _ = relay.announced(Self.entries(200..<201), by: peer, at: .zero)
        #expect(relay.fetches(at: .zero).count == 1)
        #expect(relay.expire(at: relay.limits.requestTime - .nanoseconds(1)).silent == [])
        #expect(relay.expire(at: relay.limits.requestTime).silent == [peer])
    }

    @Test func ownOnesAreAnnouncedInBatchesAndNothingTwice() throws {
        var relay = TransactionRelay()
        let peer = try RelayTests.peer(1)
        relay.admit(peer, at: .zero)
        #expect(relay.announce(Self.entries(0..<3), at: .zero).isEmpty)
        #expect(relay.announce(Self.entries(2..<5), at: .milliseconds(199)).isEmpty)
        #expect(relay.announcements(at: .milliseconds(200)).map(\.entries) == [Self.entries(0..<5)])
        #expect(relay.announce(Self.entries(0..<5), at: .seconds(1)).isEmpty)
        #expect(relay.announcements(at: .seconds(2)).isEmpty)
        let full = relay.announce(Self.entries(100..<400), at: .seconds(3))
        #expect(full.map(\.entries) == [Self.entries(100..<356)])
        _ = relay.announcements(at: .seconds(9))
        // What came by the topic is not announced, but when asked to.
        _ = relay.announced(Self.entries(500..<501), by: peer, at: .seconds(9))
        let fetch = try #require(relay.fetches(at: .seconds(9)).first)
        _ = relay.delivered(fetch.id, [(Self.hash(500), 100)], at: .seconds(9))
        #expect(relay.announce(Self.entries(500..<501), at: .seconds(9)).isEmpty)
        #expect(relay.announcements(at: .seconds(10)).isEmpty)
        _ = relay.announce(Self.entries(500..<501), again: true, at: .seconds(10))
        #expect(relay.announcements(at: .seconds(11)).map(\.entries) == [Self.entries(500..<501)])
        // Sizes that no announcement may have.
        _ = relay.announce([Entry(hash: .zero, size: WireLimits.transaction + 1)], at: .seconds(11))
        #expect(relay.announcements(at: .seconds(12)).isEmpty)
    }

    /// Anything in any order: the tables stay bounded and agree, every hash somebody waits for gets one outcome.
    @Test(arguments: 1...12) func invariantsHold(seed: UInt64) throws {
        var random = DeterministicRandom(seed: seed)
        var limits = TransactionRelay.Limits()
        (limits.known, limits.wanted, limits.wantedPerPeer, limits.announcers) = (64, 40, 16, 1 + random.below(4))
        (limits.peers, limits.requestsPerPeer, limits.missed) = (6, 1 + random.below(3), 5)
        (limits.announced, limits.bytes, limits.requests) = ((60, 20), (4000, 2000), (10, 5))
        var relay = TransactionRelay(limits: limits)
        let peers = try (1...8).map { try RelayTests.peer(UInt8($0)) }
        var (open, judging, waited): ([TransactionRelay.Fetch], [Hash32], Set<Hash32>) = ([], [], [])
        var now = Duration.zero
        func settle(_ resolved: [TransactionRelay.Resolution]) {
            for each in resolved { #expect(waited.remove(each.hash) != nil) }
        }
        for _ in 0..<2000 {
            now += .milliseconds(random.below(400))
            let peer = peers[random.below(peers.count)]
            let first = random.below(80)
            switch random.below(10) {
            case 0: relay.admit(peer, at: now)
            case 1: if random.below(4) == 0 { settle(relay.left(peer)) }
            case 2, 3:
                let entries = Self.entries(first..<first + 12, size: 1 + random.below(300))
                waited.formUnion(relay.announced(entries, by: peer, at: now))
            case 4:
                let hashes = (first..<first + 8).map(Self.hash)
                waited.formUnion(relay.offered(hashes, by: peer, isPublic: random.below(2) == 0, at: now))
            case 5, 6:
                guard !open.isEmpty else { break }
                let fetch = open.remove(at: random.below(open.count))
                if random.below(3) == 0 {
                    settle(relay.failed(fetch.id))
                } else {
                    var items = fetch.hashes.filter { _ in random.below(4) > 0 }.map { (hash: $0, size: 90) }
                    if random.below(5) == 0 { items.append((hash: Self.hash(first), size: 90)) }
                    guard let delivery = relay.delivered(fetch.id, items, at: now) else { break }
                    #expect(Set(delivery.taken).isSubset(of: fetch.hashes))
                    judging += delivery.taken
                    settle(delivery.resolved)
                }
            case 7:
                while let hash = judging.popLast() {
                    let verdicts: [PoolVerdict] = [.added, .known, .refused(""), .invalid(""), .notYet("")]
                    settle(relay.judged(hash, size: 90, verdicts[random.below(5)], at: now).map { [$0] } ?? [])
                }
            case 8: settle(relay.expire(at: now).resolved)
            default: _ = relay.announce(Self.entries(first..<first + 40), at: now)
            }
            let made = relay.fetches(at: now)
            open += made
            #expect(relay.brokenInvariants == [])
            // Nothing is waited for that the relay does not want any more.
            #expect(relay.wantedCount == waited.count)
        }
        for hash in judging { settle(relay.judged(hash, size: 90, .added, at: now).map { [$0] } ?? []) }
        for _ in 0..<limits.announcers { settle(relay.expire(at: now + .seconds(100)).resolved) }
        #expect(waited.isEmpty)
    }
}
