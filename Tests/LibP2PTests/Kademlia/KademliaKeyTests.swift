import LibP2P
import PoAITestSupport
import Testing

@Suite struct KademliaKeyTests {
    @Test func prefixesAndDistances() {
        let zero = KademliaKey(digest: [UInt8](repeating: 0, count: 32))
        #expect(zero.commonPrefixLength(with: zero) == 256)
        for bit in 0..<256 {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[bit / 8] = 0x80 >> UInt8(bit % 8)
            let key = KademliaKey(digest: bytes)
            #expect(zero.commonPrefixLength(with: key) == bit)
            #expect(zero.distance(to: key) == key)
            #expect(zero < key)
        }
    }

    /// Compared with big-endian bytes, exclusive-ored one by one.
    @Test func agreesWithBytes() {
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<500 {
            let point = random.bytes(32)
            let near = (0..<2).map { _ in Array(point.prefix(random.below(33))) + random.bytes(32) }.map {
                Array($0.prefix(32))
            }
            let distances = near.map { bytes in zip(point, bytes).map { $0 ^ $1 } }
            let keys = near.map { KademliaKey(digest: point).distance(to: KademliaKey(digest: $0)) }
            #expect((keys[0] < keys[1]) == distances[0].lexicographicallyPrecedes(distances[1]))
            #expect(keys[0] == KademliaKey(digest: distances[0]))
        }
    }

    @Test func shortDigestsAreFilledUp() {
        #expect(KademliaKey(digest: [1]) == KademliaKey(digest: [1] + [UInt8](repeating: 0, count: 40)))
        #expect(KademliaKey(digest: [1]) != KademliaKey(digest: [0, 1]))
    }

    @Test func groupsOfAddresses() {
        func group(_ bytes: [UInt8]) -> KademliaGroup { KademliaGroup(multiaddr: bytes) }
        #expect(group(kademliaAddress(1, 2, 3, 4)) == group(kademliaAddress(1, 2, 3, 99)))
        #expect(group(kademliaAddress(1, 2, 3, 4)) != group(kademliaAddress(1, 2, 4, 4)))
        let ipv6: [UInt8] = [41, 0x20, 1, 13, 184, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        var same = ipv6
        same[7] = 9
        var other = ipv6
        other[6] = 8
        #expect(group(ipv6) == group(same))
        #expect(group(ipv6) != group(other))
        let mapped: [UInt8] = [41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]
        #expect(group(mapped) == group(kademliaAddress(1, 2, 3, 77)))
        let none: [[UInt8]] = [[], [4, 1, 2, 3], [41, 1], [54, 1, 97]]
        for bytes in none { #expect(group(bytes) == group([])) }
    }
}
