import LibP2P
import PoAITestSupport
import Testing

@Suite struct DNSMessageTests {
    private let service: [UInt8] = [4] + Array("_p2p".utf8) + [4] + Array("_udp".utf8) + [5] + Array("local".utf8) + [0]

    /// The answer of a peer as another implementation sends it, with compressed names.
    private var compressedAnswer: [UInt8] {
        var bytes: [UInt8] = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        bytes += service + [0, 12, 0, 1, 0, 0, 0, 120, 0, 6]
        // The name of the peer begins at 12 + 17 + 10 and goes on at 12.
        bytes += [3] + Array("abc".utf8) + [0xC0, 12]
        bytes += [0xC0, 39, 0, 16, 0x80, 1, 0, 0, 0, 120, 0, 5, 2] + Array("hi".utf8) + [1] + Array("x".utf8)
        return bytes
    }

    @Test func questionHasTheBytesOfTheStandard() throws {
        let name = try #require(DNSLabels("_p2p._udp.local"))
        let query = DNSMessage(isResponse: false, questions: [.init(name: name, kind: .pointer)])
        let expected: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + service + [0, 12, 0, 1]
        #expect(query.encoded == expected)
        let decoded = try DNSMessage(encoded: expected)
        #expect(decoded == query)
        let loud = try #require(DNSLabels("_P2P._udp.LOCAL."))
        let another = try #require(DNSLabels("_p3p._udp.local"))
        #expect(decoded.questions[0].asks(for: .pointer, of: loud))
        #expect(!decoded.questions[0].asks(for: .text, of: name))
        #expect(!decoded.questions[0].asks(for: .pointer, of: another))
    }

    @Test func answerWithCompressedNamesIsRead() throws {
        let message = try DNSMessage(encoded: compressedAnswer)
        let name = try #require(DNSLabels("_p2p._udp.local"))
        let peer = try #require(name.child("abc"))
        #expect(message.isResponse)
        #expect(message.answers == [.init(name: name, timeToLive: 120, content: .pointer(peer))])
        let text = DNSMessage.Content.text([Array("hi".utf8), Array("x".utf8)])
        #expect(message.additional == [.init(name: peer, timeToLive: 120, content: text)])
        #expect(peer.parent == name)
        let encoded = try #require(message.encoded)
        #expect(try DNSMessage(encoded: encoded) == message)
    }

    @Test func badMessagesAreRefused() throws {
        let good = compressedAnswer
        func refusal(_ change: (inout [UInt8]) -> Void) -> DNSMessageError? {
            var bytes = good
            change(&bytes)
            do throws(DNSMessageError) {
                _ = try DNSMessage(encoded: bytes)
                return nil
            } catch { return error }
        }
        #expect(refusal { _ in } == nil)
        for count in 0..<good.count { #expect(refusal { $0.removeLast(good.count - count) } != nil) }
        #expect(refusal { $0 += [UInt8](repeating: 0, count: DNSMessage.maximumLength) } == .tooLong)
        #expect(refusal { $0[7] = 200 } == .tooMany)
        #expect(refusal { $0[2] |= 0x08 } == .notPlain)
        #expect(refusal { $0[3] |= 1 } == .notPlain)
        // A pointer to itself, one to what comes later, one to the start of its own name, and reserved kinds of labels.
        #expect(refusal { $0[44] = 43 } == .badName)
        #expect(refusal { $0[44] = 45 } == .badName)
        #expect(refusal { $0[44] = 39 } == .badName)
        #expect(refusal { $0[12] = 0x44 } == .badName)
        #expect(refusal { $0[12] = 0x84 } == .badName)
        // Values that are shorter and longer than they say.
        #expect(refusal { $0[38] = 7 } == .badValue)
        #expect(refusal { $0[38] = 5 } == .badValue)
        #expect(refusal { $0[56] = 4 } == .badValue)
        #expect(refusal { $0[56] = 1 } == .badValue)
    }

    @Test func pointersMakeNoNameLongerThanAllowed() throws {
        // Each name is a label of 63 bytes and goes on at the one before it.
        var bytes: [UInt8] = [0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0]
        var last: Int?
        for count in 1...5 {
            let start = bytes.count
            bytes += [63] + [UInt8](repeating: 97, count: 63)
            bytes += last.map { [0xC0 | UInt8($0 >> 8), UInt8($0 & 255)] } ?? [0]
            bytes += [0, 12, 0, 1]
            last = start
            var message = bytes
            message[5] = UInt8(count)
            if count < 4 {
                #expect(try DNSMessage(encoded: message).questions.count == count)
            } else {
                #expect(throws: DNSMessageError.badName) { try DNSMessage(encoded: message) }
            }
        }
    }

    @Test func namesHaveBounds() throws {
        let long = String(repeating: "a", count: 63)
        #expect(DNSLabels(long) != nil)
        #expect(DNSLabels(long + "a") == nil)
        #expect(DNSLabels("a..b") == nil)
        #expect(DNSLabels([long, long, long, String(repeating: "a", count: 61)].joined(separator: ".")) != nil)
        #expect(DNSLabels([long, long, long, String(repeating: "a", count: 62)].joined(separator: ".")) == nil)
        let name = try #require(DNSLabels("a"))
        for count in [255, 256] {
            let text = DNSMessage.Content.text([[UInt8](repeating: 1, count: count)])
            let message = DNSMessage(isResponse: true, answers: [.init(name: name, timeToLive: 1, content: text)])
            #expect((message.encoded == nil) == (count > 255))
        }
    }

    @Test func survivesAnything() throws {
        var random = DeterministicRandom(seed: 11)
        let name = try #require(DNSLabels("_p2p._udp.local"))
        let query = try #require(
            DNSMessage(isResponse: false, questions: [.init(name: name, kind: .any)]).encoded)
        var taken = 0
        for _ in 0..<30_000 {
            var bytes = random.below(3) == 0 ? query : compressedAnswer
            for _ in 0...random.below(4) { bytes = bytes.flipping(random.below(bytes.count * 8)) }
            if random.below(4) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count))) }
            if random.below(8) == 0 { bytes = Array(bytes.prefix(12)) + random.bytes(random.below(100)) }
            guard let message = try? DNSMessage(encoded: bytes), let encoded = message.encoded else { continue }
            taken += 1
            #expect(try DNSMessage(encoded: encoded) == message)
        }
        #expect(taken > 1000 && taken < 30_000)
    }
}
