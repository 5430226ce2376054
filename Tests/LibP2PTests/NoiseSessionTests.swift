import LibP2P
import NIOCore
import PoAITestSupport
import Testing

/// What follows a handshake.
@Suite struct NoiseSessionTests {
    private func sessions() throws -> (NoiseSession, NoiseSession) {
        var talk = NoiseTalk()
        try talk.run()
        return (try #require(talk.ofInitiator).session, try #require(talk.ofResponder).session)
    }

    @Test func anyLengthInAnyPieces() throws {
        var (sender, receiver) = try sessions()
        var random = DeterministicRandom(seed: 2)
        for length in [0, 1, 2, 65_518, 65_519, 65_520, 200_000] {
            let plaintext = random.bytes(length)
            var rest = try sender.seal(plaintext)[...]
            let frames = (length + 65_518) / 65_519
            #expect(rest.count == length + 18 * frames)
            var received: [UInt8] = []
            while !rest.isEmpty {
                let piece = rest.prefix(1 + random.below(30_000))
                received += try receiver.open(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(received == plaintext)
        }
    }

    /// Plaintexts that are still held stay as they are, however many follow.
    @Test func memoryIsNotUsedTwiceAtOnce() throws {
        var (sender, receiver) = try sessions()
        var random = DeterministicRandom(seed: 3)
        var held: [(sent: [UInt8], received: ByteBuffer)] = []
        for round in 0..<60 {
            let plaintext = random.bytes(round % 3 == 0 ? 100 : 16_000 + random.below(49_519))
            let received = try receiver.open(ByteBuffer(bytes: sender.seal(plaintext)))
            held.append((plaintext, try #require(received.first)))
            #expect(received.count == 1)
            if held.count > random.below(20) { held.remove(at: random.below(held.count)) }
            #expect(held.allSatisfy { Array($0.received.readableBytesView) == $0.sent })
        }
    }

    @Test func everyBitCounts() throws {
        let (sender, receiver) = try sessions()
        var sealing = sender
        let frame = try sealing.seal([1, 2, 3])
        for bit in 16..<frame.count * 8 {
            var opening = receiver
            #expect(throws: NoiseError.decryptionFailed) { try opening.open(frame.flipping(bit)) }
            #expect(throws: NoiseError.outOfOrder) { try opening.open(frame) }
        }
        var opening = receiver
        #expect(try opening.open(frame) == [1, 2, 3])
    }

    @Test func replayAndReorderingAreRefused() throws {
        let (sender, receiver) = try sessions()
        var sealing = sender
        let first = try sealing.seal([1])
        let second = try sealing.seal([2])
        var opening = receiver
        #expect(try opening.open(first) == [1])
        #expect(throws: NoiseError.decryptionFailed) { try opening.open(first) }
        var reordered = receiver
        #expect(throws: NoiseError.decryptionFailed) { try reordered.open(second) }
        var reflected = sender
        #expect(throws: NoiseError.decryptionFailed) { try reflected.open(first) }
    }

    @Test func framesWithoutTagAreRefused() throws {
        for length in 0..<16 {
            var (_, receiver) = try sessions()
            #expect(throws: NoiseError.truncated) {
                try receiver.open([0, UInt8(length)] + Array(repeating: 0, count: length))
            }
        }
    }
}
