import LibP2P
import PoAITestSupport
import Testing

@Suite struct KademliaTableTests {
    /// A table of the id 0, where the bucket of an id is its number of leading zeros.
    private func table(_ limits: KademliaLimits = KademliaLimits()) -> KademliaTable {
        KademliaTable(ownID: [0], limits: limits, hash: kademliaPlainHash)
    }

    /// A peer of bucket 0 and of its own group.
    private func far(_ number: UInt8, group: UInt8? = nil) -> KademliaPeer {
        KademliaPeer(id: [0x80, number], addresses: [kademliaAddress(10, 0, group ?? number, number)])
    }

    private func insert(_ peer: KademliaPeer, _ table: inout KademliaTable, at now: Duration = .zero)
        -> KademliaInsertion
    {
        defer { #expect(table.brokenInvariants == []) }
        return table.insert(peer, reachedAt: peer.addresses.first ?? [], at: now)
    }

    @Test func holdsTwentyPerBucket() {
        var table = table()
        for number in UInt8(0)..<20 { #expect(insert(far(number), &table) == .inserted) }
        #expect(insert(far(20), &table) == .waiting(check: nil))
        #expect(insert(KademliaPeer(id: [0x40], addresses: [kademliaAddress(9, 9, 9, 9)]), &table) == .inserted)
        #expect(table.count == 21)
        #expect(table[[0x80, 3]] == far(3))
        #expect(table[[0x80, 20]] == nil)
        #expect(table.usedBuckets == 2)
    }

    @Test func refusesItselfAndMalformedPeers() {
        var table = table()
        #expect(insert(KademliaPeer(id: [0], addresses: [kademliaAddress(1, 1, 1, 1)]), &table) == .own)
        #expect(insert(KademliaPeer(id: [], addresses: [kademliaAddress(1, 1, 1, 1)]), &table) == .malformed)
        #expect(insert(KademliaPeer(id: [7], addresses: []), &table) == .malformed)
        #expect(insert(KademliaPeer(id: [7], addresses: [[]]), &table) == .malformed)
        let long = [UInt8](repeating: 7, count: 65)
        #expect(insert(KademliaPeer(id: long, addresses: [kademliaAddress(1, 1, 1, 1)]), &table) == .malformed)
        let longAddress = [UInt8](repeating: 4, count: 257)
        #expect(insert(KademliaPeer(id: [7], addresses: [longAddress]), &table) == .malformed)
        // Another id with the own key, as a hash collision would be.
        #expect(insert(KademliaPeer(id: [0, 0], addresses: [kademliaAddress(1, 1, 1, 1)]), &table) == .malformed)
        let many = (UInt8(0)..<30).map { kademliaAddress(1, 1, 1, $0) }
        #expect(insert(KademliaPeer(id: [7], addresses: many), &table) == .inserted)
        #expect(table[[7]]?.addresses == Array(many.prefix(16)))
    }

    @Test func twoOfAGroupPerBucketAndSixInAll() {
        var table = table()
        var results: [KademliaInsertion] = []
        for bucket in 0..<5 {
            for number in UInt8(0)..<3 {
                let peer = KademliaPeer(
                    id: [0x80 >> UInt8(bucket), number], addresses: [kademliaAddress(10, 0, 0, number)])
                results.append(insert(peer, &table))
            }
        }
        let bucket: [KademliaInsertion] = [.inserted, .inserted, .group]
        #expect(results == bucket + bucket + bucket + Array(repeating: .group, count: 6))
        // What counts is where the peer was reached, not what it says.
        let liar = KademliaPeer(id: [1], addresses: [kademliaAddress(77, 0, 0, 1)])
        #expect(table.insert(liar, reachedAt: kademliaAddress(10, 0, 0, 200), at: .zero) == .group)
        #expect(table.insert(liar, reachedAt: kademliaAddress(77, 0, 0, 1), at: .zero) == .inserted)
    }

    @Test func placesOfAGroupAreFreeAgain() {
        var limits = KademliaLimits()
        limits.failures = 1
        var table = table(limits)
        for number in UInt8(0)..<2 { _ = insert(far(number, group: 0), &table) }
        #expect(insert(far(2, group: 0), &table) == .group)
        #expect(table.failed([0x80, 0]) == true)
        #expect(insert(far(2, group: 0), &table) == .inserted)
    }

    @Test func waitingPeerTakesThePlaceOfOneThatFails() {
        var table = table()
        for number in UInt8(0)..<22 { _ = insert(far(number), &table) }
        #expect(table[[0x80, 21]] == nil)
        #expect(table.failed([0x80, 5]) == true)
        #expect(table[[0x80, 5]] == nil)
        #expect(table[[0x80, 21]] == far(21))
        #expect(table.failed([0x80, 6]) == true)
        #expect(table[[0x80, 20]] == far(20))
        #expect(table.failed([0x80, 7]) == false)
        #expect(table.brokenInvariants == [])
        #expect(insert(far(30), &table) == .replaced([0x80, 7]))
    }

    @Test func leavesAfterThreeFailuresInARow() {
        var table = table()
        _ = insert(far(1), &table)
        #expect(table.failed([0x80, 1]) == false)
        #expect(table.failed([0x80, 1]) == false)
        table.seen([0x80, 1], at: .seconds(1))
        #expect(table.failed([0x80, 1]) == false)
        #expect(table.failed([0x80, 1]) == false)
        #expect(table.failed([0x80, 1]) == true)
        #expect(table.failed([0x80, 1]) == false)
        #expect(table.count == 0)
        #expect(table.brokenInvariants == [])
    }

    @Test func asksToCheckTheStalest() {
        var table = table()
        for number in UInt8(0)..<20 { _ = insert(far(number), &table, at: .seconds(Int(number))) }
        table.seen([0x80, 0], at: .seconds(100))
        #expect(insert(far(20), &table, at: .seconds(300)) == .waiting(check: nil))
        #expect(insert(far(20), &table, at: .seconds(301)) == .waiting(check: [0x80, 1]))
        #expect(insert(far(2), &table, at: .seconds(301)) == .refreshed)
    }

    @Test func movingPeerKeepsToTheLimits() {
        var table = table()
        for number in UInt8(0)..<2 { _ = insert(far(number, group: 0), &table) }
        _ = insert(far(2), &table)
        #expect(insert(far(2, group: 0), &table) == .refreshed)
        #expect(table[[0x80, 2]] == far(2))
        #expect(insert(far(2, group: 9), &table) == .refreshed)
        #expect(table[[0x80, 2]] == far(2, group: 9))
        #expect(insert(far(1, group: 0), &table) == .refreshed)
    }

    @Test(arguments: UInt64(0)..<10) func randomUse(seed: UInt64) {
        var random = DeterministicRandom(seed: seed)
        var limits = KademliaLimits()
        limits.bucketSize = 1 + random.below(6)
        limits.groupInBucket = 1 + random.below(3)
        var table = KademliaTable(ownID: [1], limits: limits, hash: kademliaTestHash)
        for step in 0..<1500 {
            let id: [UInt8] = [2, UInt8(random.below(200))]
            switch random.below(4) {
            case 0: table.failed(id)
            case 1: table.seen(id, at: .seconds(step))
            default:
                let address = kademliaAddress(1, 1, UInt8(random.below(30)), 1)
                _ = table.insert(KademliaPeer(id: id, addresses: [address]), reachedAt: address, at: .seconds(step))
            }
            #expect(table.brokenInvariants == [])
        }
        #expect(table.count > 5)
        let target = kademliaTestHash(random.bytes(4))
        let all = table.closest(to: target, count: .max)
        #expect(all.count == table.count)
        let distances = all.map { target.distance(to: kademliaTestHash($0.id)) }
        #expect(distances == distances.sorted())
        #expect(table.closest(to: target, count: 3) == Array(all.prefix(3)))
        #expect(table.closest(to: target, count: 3, excluding: [all[0].id]) == Array(all[1..<4]))
        #expect(table.closest(to: target, count: -1) == [])
    }
}
