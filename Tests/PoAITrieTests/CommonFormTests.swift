import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

/// Nodes and accounts in their usual form are read and written by shorter ways, large batches on several threads: all must
/// give what the general way gives.
@Suite struct CommonFormTests {
    @Test func largeBatchesAreThoseOfSmallOnes() throws {
        var random = DeterministicRandom(seed: 31)
        var (large, small) = (CheckedTrie(), CheckedTrie())
        for round in 0..<3 {
            let known = large.values.keys.sorted { $0.lexicographicallyPrecedes($1) }
            var updates = (0..<400).map { _ in TrieUpdate(key: random.bytes(32), value: random.bytes(70)) }
            for key in known where random.below(2) == 0 {
                updates.append(TrieUpdate(key: key, value: random.below(3) == 0 ? random.bytes(70) : nil))
            }
            try large.apply(updates)
            for start in stride(from: 0, to: updates.count, by: 100) {
                try small.apply(Array(updates[start..<min(start + 100, updates.count)]))
            }
            #expect(large.root == small.root && large.store.paths == small.store.paths, "round \(round)")
        }
    }

    @Test func accountsOfAllSizes() throws {
        var random = DeterministicRandom(seed: 32)
        for round in 0..<300 {
            let account = Account(
                nonce: random.next() >> UInt64(random.below(64)),
                balance: UInt256(bigEndianBytes: random.bytes(random.below(33))) ?? .zero,
                storageRoot: random.hash(), codeHash: random.hash())
            let general = RLP.encode(
                .list([
                    .uint(account.nonce), .uint(account.balance), .hash(account.storageRoot), .hash(account.codeHash),
                ]))
            #expect(account.rlpEncoded() == general)
            #expect(try Account(rlp: general) == account)
            // What is read differently is another account, and nothing but canonical bytes is one.
            for _ in 0..<20 {
                var changed = general
                changed[round < 150 ? random.below(min(12, changed.count)) : random.below(changed.count)] =
                    UInt8(random.below(256))
                if let read = try? Account(rlp: changed) { #expect(read.rlpEncoded() == changed) }
            }
        }
        #expect(throws: RLPError.self) { try Account(rlp: [0xF8, 0x44, 0x00, 0x80, 0xA0] + [UInt8](0..<65)) }
        let zeroNonce = [0xF8, 0x44, 0x00, 0x80, 0xA0] + [UInt8](repeating: 1, count: 32)
        #expect(throws: RLPError.integerWithLeadingZero) {
            try Account(rlp: zeroNonce + [0xA0] + [UInt8](repeating: 2, count: 32))
        }
    }

    /// A node with the right hash that is close to a usual form, but not canonical.
    @Test(arguments: [
        // A branch with one child.
        [0xF1] + [UInt8](repeating: 0x80, count: 15) + [0xA0] + [UInt8](repeating: 7, count: 32) + [0x80],
        // One with two, whose length is one too large, and one whose value is missing.
        [0xF8, 0x52] + branch + [0x80, 0x80], [0xF8, 0x50] + branch,
        // Leaves: a short value in the long form, an empty one, a key part of no meaning, a value longer than the list.
        [0xF8, 0x3C, 0x82, 0x20, 0x11, 0xB8, 0x37] + [UInt8](repeating: 1, count: 55),
        [0xC4, 0x82, 0x20, 0x11, 0x80],
        [0xF8, 0x3D, 0x82, 0x40, 0x11, 0xB8, 0x38] + [UInt8](repeating: 1, count: 56),
        [0xF8, 0x3D, 0x82, 0x20, 0x11, 0xB8, 0x39] + [UInt8](repeating: 1, count: 56),
    ])
    func nearMissesAreRefused(node: [UInt8]) {
        #expect {
            try TrieProof.verify(root: Keccak256.hash(node), key: [0x11], nodes: [node])
        } throws: { error in
            if case .malformed? = error as? TrieProofError { true } else { false }
        }
    }

    /// Fourteen empty places and two hashes: all of a branch but its value.
    private static let branch =
        [UInt8](repeating: 0x80, count: 14)
        + ([0xA0] + [UInt8](repeating: 7, count: 32) + [0xA0] + [UInt8](repeating: 8, count: 32))
}
