import Crypto
import LibP2P
import PoAITestSupport
import Testing

/// The Noise XX handshake without libp2p's payload.
@Suite struct HandshakeStateTests {
    private typealias Key = HandshakeState.KeyPair

    /// A handshake of two sides with fixed keys.
    private struct Pair {
        var initiator: HandshakeState
        var responder: HandshakeState

        init(_ vector: NoiseVector) throws {
            initiator = HandshakeState(
                .initiator, staticKey: try Key(rawRepresentation: vector.initiatorStatic),
                ephemeral: try Key(rawRepresentation: vector.initiatorEphemeral), prologue: vector.prologue)
            responder = HandshakeState(
                .responder, staticKey: try Key(rawRepresentation: vector.responderStatic),
                ephemeral: try Key(rawRepresentation: vector.responderEphemeral), prologue: vector.prologue)
        }

        init(prologues: ([UInt8], [UInt8]) = ([], [])) {
            initiator = HandshakeState(.initiator, staticKey: Key(), prologue: prologues.0)
            responder = HandshakeState(.responder, staticKey: Key(), prologue: prologues.1)
        }

        /// One message from whose turn it is; `change` is what happens to it on its way.
        mutating func exchange(
            _ payload: [UInt8] = [], change: ([UInt8]) -> [UInt8] = { $0 }
        ) throws -> (message: [UInt8], payload: [UInt8]) {
            if initiator.isOwnTurn {
                let message = try initiator.write(payload)
                return (message, try responder.read(change(message)))
            }
            let message = try responder.write(payload)
            return (message, try initiator.read(change(message)))
        }
    }

    @Test(.enabled(if: NoiseVector.folder != nil)) func publicVectors() throws {
        let vectors = try NoiseVector.all()
        #expect(vectors.count == 5)
        for vector in vectors {
            var pair = try Pair(vector)
            for expected in vector.messages.prefix(3) {
                let (message, payload) = try pair.exchange(expected.payload)
                #expect(message == expected.ciphertext && payload == expected.payload, "\(vector)")
            }
            try #require(pair.initiator.isComplete && pair.responder.isComplete)
            #expect(pair.initiator.hash == pair.responder.hash)
            if let hash = vector.handshakeHash { #expect(pair.initiator.hash == hash) }
            var (toResponder, fromResponder) = pair.initiator.split()
            var (toInitiator, fromInitiator) = pair.responder.split()
            #expect(vector.messages.count > 3)
            for (index, expected) in vector.messages.enumerated().dropFirst(3) {
                let isFromInitiator = (index % 2 == 1) == vector.initiatorGoesOn
                let message =
                    isFromInitiator
                    ? try toResponder.encrypt(expected.payload) : try toInitiator.encrypt(expected.payload)
                #expect(message == expected.ciphertext, "\(vector)")
                let plain = isFromInitiator ? try fromInitiator.decrypt(message) : try fromResponder.decrypt(message)
                #expect(plain == expected.payload)
            }
        }
    }

    @Test func everyBitOfEveryMessageCounts() throws {
        for round in 0..<3 {
            var before = Pair()
            for _ in 0..<round { _ = try before.exchange([1, 2, 3]) }
            var whole = before
            let length = try whole.exchange([1, 2, 3]).message.count
            for bit in 0..<length * 8 {
                var pair = before
                let isRead = (try? pair.exchange([1, 2, 3], change: { $0.flipping(bit) })) != nil
                // The first message is not authenticated by itself: its change shows when the second is read. The top
                // bit of an X25519 key does not count for the secret, but does for the hash.
                #expect(isRead == (round == 0))
                if isRead { #expect(throws: NoiseError.decryptionFailed) { try pair.exchange() } }
            }
        }
    }

    @Test func truncation() throws {
        for round in 0..<3 {
            var before = Pair()
            for _ in 0..<round { _ = try before.exchange() }
            var whole = before
            let length = try whole.exchange().message.count
            for kept in 0..<length {
                var pair = before
                #expect(throws: NoiseError.self) { try pair.exchange(change: { Array($0.prefix(kept)) }) }
            }
        }
    }

    @Test func theSizes() throws {
        var pair = Pair()
        #expect(try pair.exchange().message.count == 32)
        #expect(try pair.exchange().message.count == 32 + 48 + 16)
        #expect(try pair.exchange().message.count == 48 + 16)
        var long = Pair()
        #expect(throws: NoiseError.tooLong) { try long.exchange(Array(repeating: 0, count: 65_535 - 31)) }
        var fits = Pair()
        #expect(try fits.exchange(Array(repeating: 0, count: 65_535 - 32)).message.count == 65_535)
        var reader = Pair()
        #expect(throws: NoiseError.tooLong) { try reader.responder.read(Array(repeating: 0, count: 65_536)) }
    }

    @Test func prologuesHaveToAgree() throws {
        var pair = Pair(prologues: ([1], [2]))
        _ = try pair.exchange()
        #expect(throws: NoiseError.decryptionFailed) { try pair.exchange() }
    }

    @Test func turns() throws {
        var pair = Pair()
        #expect(throws: NoiseError.outOfOrder) { try pair.responder.write([]) }
        #expect(throws: NoiseError.outOfOrder) { try pair.initiator.read([]) }
        for _ in 0..<3 { _ = try pair.exchange() }
        #expect(throws: NoiseError.outOfOrder) { try pair.responder.write([]) }
        #expect(throws: NoiseError.outOfOrder) { try pair.initiator.read([]) }
        #expect(pair.initiator.remoteStatic.count == 32 && pair.initiator.remoteStatic != pair.responder.remoteStatic)
    }

    /// Points of low order: every secret with them is zero.
    @Test(
        arguments: [
            Array(repeating: 0, count: 32), [1] + Array(repeating: 0, count: 31),
            [0xEC] + Array(repeating: 0xFF, count: 30) + [0x7F], [0xED] + Array(repeating: 0xFF, count: 30) + [0x7F],
        ] as [[UInt8]])
    func keysWithoutSecret(_ key: [UInt8]) throws {
        var pair = Pair()
        _ = try pair.exchange(change: { _ in key })
        #expect(throws: NoiseError.zeroSharedSecret) { try pair.responder.write([]) }
        var other = Pair()
        _ = try other.exchange()
        #expect(throws: NoiseError.zeroSharedSecret) { try other.exchange(change: { key + $0.dropFirst(32) }) }
    }

    @Test func theLastNonceIsNotUsed() throws {
        let key = SymmetricKey(size: .bits256)
        var sender = CipherState(key: key, nonce: UInt64.max - 1)
        var receiver = CipherState(key: key, nonce: UInt64.max - 1)
        let message = try sender.encrypt([1, 2])
        #expect(try receiver.decrypt(message) == [1, 2])
        #expect(throws: NoiseError.nonceExhausted) { try sender.encrypt([]) }
        #expect(throws: NoiseError.nonceExhausted) { try receiver.decrypt(message) }
    }
}
