import LibP2P
import enum PoAIPrimitives.Hex
import Testing

@Suite struct GossipSigningTests {
    private let policy = GossipSigning.strictSign(NodeKey())

    /// A message signed by a key of another kind, with the key's field where `withKey`.
    private func message(
        _ key: PublicKey, withKey: Bool, _ sign: ([UInt8]) throws -> [UInt8]
    ) rethrows -> GossipMessage {
        var message = GossipMessage(
            source: key.peerID.bytes, data: [1, 2], sequenceNumber: [0, 0, 0, 0, 0, 0, 0, 1], topic: "t")
        message.signature = try sign(GossipSigning.signedBytes(message))
        if withKey { message.key = key.encoded }
        return message
    }

    private func checkFlips(_ good: GossipMessage) {
        #expect(policy.isAuthentic(good))
        let fields: [WritableKeyPath<GossipMessage, [UInt8]?>] = [\.source, \.sequenceNumber, \.signature, \.key]
        for field in fields {
            guard let bytes = good[keyPath: field] else { continue }
            for bit in stride(from: 0, to: bytes.count * 8, by: max(1, bytes.count / 8)) {
                var bad = good
                bad[keyPath: field] = bytes.flipping(bit)
                #expect(!policy.isAuthentic(bad), "\(field) \(bit)")
            }
            var bad = good
            bad[keyPath: field] = nil
            if field != \.key || good.source?.count == 34 { #expect(!policy.isAuthentic(bad), "no \(field)") }
        }
        var bad = good
        bad.data = good.data.flipping(3)
        #expect(!policy.isAuthentic(bad))
        bad = good
        bad.topic = "u"
        #expect(!policy.isAuthentic(bad))
        #expect(!GossipSigning.strictNoSign.isAuthentic(good))
    }

    @Test func signaturesOfAllKindsAreChecked() throws {
        let key = NodeKey()
        let own = GossipSigning.strictSign(key).message([7, 8], topic: "t", number: 0x0102_0304_0506_0708)
        #expect(own.sequenceNumber == [1, 2, 3, 4, 5, 6, 7, 8] && own.source == key.peerID.bytes && own.key == nil)
        checkFlips(own)
        checkFlips(try message(try TestKeys.rsaPublic(), withKey: true, TestKeys.rsaSign))
        let secp = try PublicKey(encoded: try Hex.decode(TestKeys.secp256k1Public))
        let signed = try message(secp, withKey: false) { try TestKeys.secp256k1Sign($0) }
        #expect(policy.isAuthentic(signed))
        var bad = signed
        bad.data = [1, 3]
        #expect(!policy.isAuthentic(bad))
    }

    @Test func theKeyHasToBeThePublishers() {
        let (one, other) = (NodeKey(), NodeKey())
        var bad = message(one.publicKey, withKey: false) { other.signature(for: $0) }
        #expect(!policy.isAuthentic(bad))
        bad.key = other.publicKey.encoded
        #expect(!policy.isAuthentic(bad))
    }

    @Test func withoutSignaturesNoFieldMayBeSet() {
        let policy = GossipSigning.strictNoSign
        let good = policy.message([1], topic: "t", number: 5)
        #expect(policy.isAuthentic(good) && !self.policy.isAuthentic(good))
        let fields: [WritableKeyPath<GossipMessage, [UInt8]?>] = [\.source, \.sequenceNumber, \.signature, \.key]
        for field in fields {
            for value: [UInt8] in [[], [1]] {
                var bad = good
                bad[keyPath: field] = value
                #expect(!policy.isAuthentic(bad))
            }
        }
    }
}
