import Foundation
import LibP2P
import enum PoAIPrimitives.Hex
import PoAITestSupport
import Testing

/// The libp2p handshake: who is who, and what it refuses.
@Suite struct NoiseHandshakeTests {
    @Test func bothSidesLearnWhoTheOtherIs() throws {
        let (alice, bob) = (NodeKey(), NodeKey())
        for piece in [1, 2, 3, 50, Int.max] {
            var talk = NoiseTalk(alice, bob, expected: bob.peerID)
            try talk.run(piece: piece)
            var ofAlice = try #require(talk.ofInitiator)
            var ofBob = try #require(talk.ofResponder)
            #expect(ofAlice.remoteKey == bob.publicKey && ofAlice.remotePeer == bob.peerID)
            #expect(ofBob.remoteKey == alice.publicKey && ofBob.remotePeer == alice.peerID)
            #expect(ofAlice.leftOver.isEmpty && ofBob.leftOver.isEmpty)
            #expect(try ofBob.session.open(ofAlice.session.seal([1, 2, 3])) == [1, 2, 3])
            #expect(try ofAlice.session.open(ofBob.session.seal([4])) == [4])
        }
    }

    @Test func anotherPeerThanDialled() throws {
        let (bob, carol) = (NodeKey(), NodeKey())
        var talk = NoiseTalk(NodeKey(), bob, expected: carol.peerID)
        #expect(throws: NoiseError.unexpectedPeer(bob.peerID, expected: carol.peerID)) { try talk.run() }
        #expect(talk.ofInitiator == nil && talk.ofResponder == nil)
        #expect(throws: NoiseError.outOfOrder) { try talk.initiator.receive([0, 0]) }
    }

    @Test(
        arguments: [
            (["/yamux/1.0.0"], ["/yamux/1.0.0"], "/yamux/1.0.0"), (["/a", "/b"], ["/b", "/a"], "/a"),
            (["/a", "/b"], ["/c", "/b"], "/b"), (["/a"], ["/b"], nil), (["/a"], [], nil), ([], ["/a"], nil),
            ([], [], nil),
        ] as [([String], [String], String?)])
    func earlyMuxer(_ initiator: [String], _ responder: [String], _ agreed: String?) throws {
        var talk = NoiseTalk(muxers: (initiator, responder))
        try talk.run()
        #expect(try #require(talk.ofInitiator).streamMuxer == agreed)
        #expect(try #require(talk.ofResponder).streamMuxer == agreed)
    }

    @Test func bytesAfterTheLastMessageAreKept() throws {
        var talk = NoiseTalk()
        try talk.run(trailing: [0, 17, 1, 2])
        let connection = try #require(talk.ofResponder)
        #expect(connection.leftOver == [0, 17, 1, 2])
        #expect(throws: NoiseError.outOfOrder) { try talk.responder.receive([3]) }
    }

    @Test func everyBitOfEveryMessageCounts() throws {
        // Of each side's message without the length in front, about one bit per byte.
        for (message, length) in [(0, 32), (1, 200), (2, 168)] {
            for bit in stride(from: 16, to: (length + 2) * 8, by: 7) {
                var talk = NoiseTalk()
                #expect(throws: NoiseError.self, "message \(message), bit \(bit)") {
                    try talk.run { $0 == message ? $1.flipping(bit) : $1 }
                }
                #expect(talk.ofResponder == nil)
            }
        }
    }

    /// What one side said in a handshake, said again in another one with the same keys, ends no handshake.
    @Test func aReplayedHandshakeIsRefused() throws {
        let (alice, bob) = (NodeKey(), NodeKey())
        var heard: [[UInt8]] = []
        var first = NoiseTalk(alice, bob)
        try first.run {
            heard.append($1)
            return $1
        }
        #expect(first.ofInitiator != nil && first.ofResponder != nil && heard.count == 3)
        // All of what the initiator said, to a responder that answers anew.
        var again = NoiseTalk(alice, bob)
        #expect(throws: NoiseError.decryptionFailed) { try again.run { $0 == 1 ? $1 : heard[$0] } }
        #expect(again.ofResponder == nil)
        // The responder's answer, to an initiator that began anew.
        var other = NoiseTalk(alice, bob)
        #expect(throws: NoiseError.decryptionFailed) { try other.run { $0 == 1 ? heard[1] : $1 } }
        #expect(other.ofInitiator == nil)
    }

    @Test func aShortMessageIsRefused() throws {
        var talk = NoiseTalk()
        #expect(throws: NoiseError.truncated) { try talk.run { _, _ in [0, 31] + Array(repeating: 9, count: 31) } }
        var empty = NoiseTalk()
        #expect(throws: NoiseError.truncated) { try empty.run { _, _ in [0, 0] } }
    }

    @Test func theFirstMessageAgainIsRefused() throws {
        var talk = NoiseTalk()
        let first = try talk.initiator.start()
        _ = try talk.responder.receive(first)
        #expect(throws: NoiseError.truncated) { try talk.responder.receive(first) }
        #expect(throws: NoiseError.outOfOrder) { try talk.initiator.start() }
    }

    private static let noiseKey = Array(repeating: UInt8(7), count: 32)

    @Test func thePayload() throws {
        let key = NodeKey()
        let payload = NoiseIdentity.encode(key, noiseKey: Self.noiseKey, streamMuxers: ["/yamux/1.0.0"])
        let read = try NoiseIdentity(payload: payload, noiseKey: Self.noiseKey)
        #expect(read == NoiseIdentity(key: key.publicKey, streamMuxers: ["/yamux/1.0.0"]))
        #expect(Array(payload.prefix(4)) == [0x0A, 36, 8, 1] && Array(payload[38..<40]) == [0x12, 64])
        #expect(Array(payload[104...]) == [0x22, 14, 0x12, 12] + Array("/yamux/1.0.0".utf8))
        for bit in 0..<Self.noiseKey.count * 8 {
            #expect(throws: NoiseError.badIdentitySignature) {
                try NoiseIdentity(payload: payload, noiseKey: Self.noiseKey.flipping(bit))
            }
        }
        for bit in 0..<104 * 8 {
            #expect(throws: NoiseError.self) {
                try NoiseIdentity(payload: payload.flipping(bit), noiseKey: Self.noiseKey)
            }
        }
    }

    private static func payload(_ change: (inout PBNoiseHandshakePayload) -> Void) -> [UInt8] {
        var message = PBNoiseHandshakePayload()
        let key = NodeKey()
        message.identityKey = Data(key.publicKey.encoded)
        message.identitySig = Data(key.signature(for: Array("noise-libp2p-static-key:".utf8) + noiseKey))
        change(&message)
        return message.deterministicBytes()
    }

    @Test func badPayloads() throws {
        #expect(throws: Never.self) { try NoiseIdentity(payload: Self.payload { _ in }, noiseKey: Self.noiseKey) }
        let bad: [(NoiseError, (inout PBNoiseHandshakePayload) -> Void)] = [
            (.malformedPayload, { $0.clearIdentityKey() }), (.malformedPayload, { $0.clearIdentitySig() }),
            (.badIdentityKey(.malformed), { $0.identityKey = Data() }),
            (.badIdentitySignature, { $0.identitySig = Data() }),
            (.badIdentitySignature, { $0.identityKey = Data(NodeKey().publicKey.encoded) }),
            (.badIdentitySignature, { $0.identitySig = Data(NodeKey().signature(for: Self.noiseKey)) }),
            (.malformedPayload, { $0.extensions.streamMuxers = Array(repeating: "/a", count: 33) }),
        ]
        for (error, change) in bad {
            #expect(throws: error) { try NoiseIdentity(payload: Self.payload(change), noiseKey: Self.noiseKey) }
        }
        #expect(throws: NoiseError.malformedPayload) { try NoiseIdentity(payload: [], noiseKey: Self.noiseKey) }
        #expect(throws: NoiseError.malformedPayload) { try NoiseIdentity(payload: [0x0A, 5], noiseKey: Self.noiseKey) }
    }

    @Test func otherKindsOfIdentities() throws {
        let signed = Array("noise-libp2p-static-key:".utf8) + Self.noiseKey
        let secp = Self.payload {
            $0.identityKey = Data((try? Hex.decode(TestKeys.secp256k1Public)) ?? [])
            $0.identitySig = Data((try? TestKeys.secp256k1Sign(signed)) ?? [])
        }
        #expect(try NoiseIdentity(payload: secp, noiseKey: Self.noiseKey).key.kind == .secp256k1)
        let rsa = Self.payload {
            $0.identityKey = Data((try? TestKeys.rsaPublic().encoded) ?? [])
            $0.identitySig = Data((try? TestKeys.rsaSign(signed)) ?? [])
        }
        #expect(try NoiseIdentity(payload: rsa, noiseKey: Self.noiseKey).key.kind == .rsa)
    }
}
