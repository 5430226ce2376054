import Foundation
import LibP2P
import enum PoAIPrimitives.Hex
import PoAITestSupport
import SwiftProtobuf
import Testing

/// Every decoder of foreign bytes with changed, cut and random bytes: it returns or throws, and what it takes it writes
/// again in the same form.
@Suite struct FuzzTests {
    private static let rounds = 20_000

    /// Good bytes with some changes, or random ones.
    private static func mutate(_ seeds: [[UInt8]], _ random: inout DeterministicRandom) -> [UInt8] {
        var bytes = seeds[random.below(seeds.count)]
        for _ in 0..<random.below(4) {
            switch random.below(5) {
            case 0 where !bytes.isEmpty: bytes = bytes.flipping(random.below(bytes.count * 8))
            case 1: bytes = Array(bytes.prefix(random.below(bytes.count + 1)))
            case 2: bytes.insert(contentsOf: random.bytes(1 + random.below(4)), at: random.below(bytes.count + 1))
            case 3 where !bytes.isEmpty: bytes[random.below(bytes.count)] = [0, 0x7F, 0x80, 0xFF][random.below(4)]
            case 4: bytes = random.bytes(random.below(64))
            default: break
            }
        }
        return bytes
    }

    private static func fuzz(_ seed: UInt64, _ seeds: [[UInt8]], _ body: ([UInt8]) throws -> Bool) {
        var random = DeterministicRandom(seed: seed)
        var taken = 0
        for _ in 0..<rounds {
            let bytes = mutate(seeds, &random)
            if (try? body(bytes)) == true { taken += 1 }
        }
        #expect(taken > rounds / 100 && taken < rounds, "some are taken, some are not: \(taken)")
    }

    @Test func varintsAndHashes() throws {
        Self.fuzz(10, [[0], [0x80, 1], UVarint.encode(UVarint.maximum)]) { bytes in
            guard let parsed = try UVarint.parse(bytes[...]) else { return false }
            #expect(UVarint.encode(parsed.value) == Array(bytes.prefix(parsed.length)))
            return true
        }
        Self.fuzz(11, [Multihash(sha256Of: [1]).bytes, Multihash(identity: [1, 2, 3]).bytes]) { bytes in
            let hash = try Multihash(bytes: bytes)
            #expect(hash.bytes == bytes)
            return true
        }
    }

    @Test func bases() throws {
        Self.fuzz(12, [Array(Base58.encode([0, 1, 2, 3]).utf8)]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let decoded = try Base58.decode(text)
            #expect(Base58.encode(decoded) == text)
            return true
        }
        Self.fuzz(13, [Array(Base32.encode([0, 1, 2, 3]).utf8)]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let decoded = try Base32.decode(text)
            #expect(Base32.encode(decoded) == text)
            return true
        }
    }

    @Test func keysAndIDs() throws {
        let keys = [
            try Hex.decode(TestKeys.ed25519Public), try Hex.decode(TestKeys.secp256k1Public),
            try TestKeys.rsaPublic().encoded,
        ]
        Self.fuzz(14, keys) { bytes in
            let key = try PublicKey(encoded: bytes)
            #expect(key.encoded == bytes)
            return true
        }
        Self.fuzz(15, try keys.map { try PublicKey(encoded: $0).peerID.bytes }) { bytes in
            let id = try PeerID(bytes: bytes)
            #expect(id.bytes == bytes)
            return true
        }
        let ids = try keys.map { try PublicKey(encoded: $0).peerID }
        Self.fuzz(16, ids.flatMap { [Array($0.cid.utf8), Array($0.description.utf8)] }) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let id = try PeerID(text)
            #expect(id.description == text || id.cid == text)
            return true
        }
        Self.fuzz(17, [try Hex.decode(TestKeys.ed25519Private)]) { bytes in
            let key = try NodeKey(encoded: bytes)
            #expect(key.encoded == bytes)
            return true
        }
    }

    @Test func addresses() throws {
        let texts = [
            "/ip4/127.0.0.1/tcp/30800", "/ip6/2001:db8::1/udp/1", "/dns4/example.com/tcp/1",
            "/dns/x/tcp/2/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        ]
        Self.fuzz(18, try texts.map { try Multiaddr($0).bytes }) { bytes in
            let address = try Multiaddr(bytes: bytes)
            #expect(address.bytes == bytes)
            #expect(try Multiaddr(address.description) == address)
            return true
        }
        Self.fuzz(19, texts.map { Array($0.utf8) }) { bytes in
            let address = try Multiaddr(String(decoding: bytes, as: UTF8.self))
            #expect(try Multiaddr(bytes: address.bytes) == address)
            #expect(try Multiaddr(address.description) == address)
            return true
        }
    }

    @Test func signatures() throws {
        let key = try PublicKey(encoded: try Hex.decode(TestKeys.secp256k1Public))
        let good = [try TestKeys.secp256k1Sign([1], highS: true), try TestKeys.secp256k1Sign([1])]
        Self.fuzz(20, good) { bytes in
            let isGood = key.isValidSignature(bytes, for: [1])
            #expect(isGood == good.contains(bytes))
            return isGood
        }
    }

    @Test func multistream() throws {
        let talk = MultistreamLine.encode(MultistreamLine.header) + MultistreamLine.encode("/a")
        Self.fuzz(21, [talk, talk + [1, 2, 3]]) { bytes in
            var listener = MultistreamListener(["/a"])
            var dialer = MultistreamDialer(["/a"])
            _ = (listener.start(), dialer.start())
            let ofDialer = try dialer.receive(bytes)
            #expect(try listener.receive(bytes).last == ofDialer.last)
            return ofDialer.contains { if case .agreed = $0 { true } else { false } }
        }
    }

    @Test func noisePayloads() throws {
        let noiseKey = Array(repeating: UInt8(7), count: 32)
        let seed = NoiseIdentity.encode(NodeKey(), noiseKey: noiseKey, streamMuxers: ["/yamux/1.0.0"])
        Self.fuzz(22, [seed]) { bytes in
            _ = try NoiseIdentity(payload: bytes, noiseKey: noiseKey)
            return true
        }
    }

    @Test func noiseHandshakes() throws {
        var random = DeterministicRandom(seed: 23)
        var failed = 0
        for round in 0..<600 {
            var talk = NoiseTalk()
            let hit = round % 3
            do {
                try talk.run { $0 == hit ? Self.mutate([$1], &random) : $1 }
            } catch { failed += 1 }
        }
        #expect(failed > 100, "\(failed)")
    }

    @Test func noiseSessions() throws {
        var talk = NoiseTalk()
        try talk.run()
        var sender = try #require(talk.ofInitiator).session
        let receiver = try #require(talk.ofResponder).session
        let first = try sender.seal([1, 2, 3])
        let frames = first + (try sender.seal([4]))
        Self.fuzz(24, [frames]) { bytes in
            var session = receiver
            let plaintext = try session.open(bytes)
            #expect([1, 2, 3, 4].starts(with: plaintext))
            return !plaintext.isEmpty
        }
    }
}
