import LibP2P
import PoAITestSupport
import Testing

@Suite struct GossipWireTests {
    private static let full = GossipRPC(
        subscriptions: [
            .init(subscribe: true, topic: "a"), .init(subscribe: false, topic: "ä"), .init(subscribe: true, topic: ""),
        ],
        messages: [
            GossipMessage(source: [1], data: [2, 3], sequenceNumber: [4], topic: "t", signature: [5], key: [6]),
            GossipMessage(source: nil, data: [], sequenceNumber: nil, topic: "t"),
            GossipMessage(source: [], data: [1], sequenceNumber: [], topic: "", signature: [], key: []),
        ],
        control: GossipControl(
            have: [.init(topic: "b", ids: [[0xFF, 0xFE], [0x80]]), .init(topic: "a", ids: [])],
            want: [[[9], [8]], []],
            graft: ["z", "y"],
            prune: [
                .init(topic: "p", peers: [.init(peer: [1, 2], signedRecord: [3]), .init(peer: [4])], backoff: 60),
                .init(topic: "q"),
            ], dontWant: [[[0xC3, 0x28]]]))

    @Test func rpcsComeBackInOrder() throws {
        #expect(try GossipRPC(encoded: Self.full.encoded) == Self.full)
        #expect(try GossipRPC(encoded: []) == GossipRPC())
        #expect(Self.full.encodedParts() == [Self.full.encoded])
    }

    @Test func malformedRPCsAreRefused() {
        func error(_ bytes: [UInt8]) -> GossipWireError? {
            do throws(GossipWireError) {
                _ = try GossipRPC(encoded: bytes)
                return nil
            } catch { return error }
        }
        // Cut off, a group, a topic that is no UTF-8, a number where a message belongs.
        for bytes: [UInt8] in [[0x0A], [0x0A, 5, 0], [0x0B], [0x0A, 3, 0x12, 1, 0xFF], [0x1A, 2, 0x0A, 9]] {
            #expect(error(bytes) == .malformed, "\(bytes)")
        }
        #expect(error(Array(repeating: 0, count: GossipRPC.maximumBytes + 1)) == .tooLong)
        let empty = Array(repeating: [0x12, 0] as [UInt8], count: GossipRPC.maximumFields + 1)
        #expect(error(Array(empty.joined())) == .tooManyFields)
        #expect(error(Array(empty.dropLast().joined())) == nil)
        let ids = Array(empty.dropLast().joined())
        let have = [0x0A] + UVarint.prefixed(ids)
        #expect(error([0x1A] + UVarint.prefixed(have)) == .tooManyFields)
    }

    @Test func longRPCsAreSplitInOrder() throws {
        let ids = (0..<3000).map { number in
            [UInt8(number >> 8), UInt8(number & 0xFF)] + [UInt8](repeating: 7, count: 30)
        }
        var rpc = Self.full
        rpc.messages += (0..<9).map { number in
            GossipMessage(source: nil, data: [UInt8](repeating: number, count: 30_000), sequenceNumber: nil, topic: "t")
        }
        rpc.control.have = [.init(topic: "h", ids: ids)]
        rpc.control.want = [ids]
        let limit = 100_000
        let parts = rpc.encodedParts(limit: limit)
        #expect(parts.count > 3 && parts.allSatisfy { $0.count <= limit })
        let read = try parts.map { try GossipRPC(encoded: $0) }
        #expect(read.flatMap(\.subscriptions) == rpc.subscriptions && read.flatMap(\.messages) == rpc.messages)
        #expect(read.flatMap(\.control.have).flatMap(\.ids) == ids)
        #expect(read.flatMap(\.control.want).flatMap { $0 } == ids)
        #expect(
            read.flatMap(\.control.graft) == rpc.control.graft && read.flatMap(\.control.prune) == rpc.control.prune)
        // What is too long alone is left out, and nothing else.
        let rest = try rpc.encodedParts(limit: 29_000).map { try GossipRPC(encoded: $0) }
        #expect(rest.flatMap(\.messages) == Self.full.messages && rest.flatMap(\.subscriptions) == rpc.subscriptions)
    }

    @Test func changedBytesAreReadOrRefused() {
        var random = DeterministicRandom(seed: 40)
        let good = Self.full.encoded
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0...random.below(3) { bytes = bytes.flipping(random.below(bytes.count * 8)) }
            if random.below(3) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count))) }
            guard let rpc = try? GossipRPC(encoded: bytes) else { continue }
            taken += 1
            #expect((try? GossipRPC(encoded: rpc.encoded)) == rpc)
        }
        #expect(taken > 200 && taken < 20_000)
    }
}
