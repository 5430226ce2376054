import LibP2P
import NIOCore
import PoAITestSupport
import Testing

@Suite struct YamuxFrameTests {
    private func decode(_ bytes: [UInt8], maximumLength: Int = 1024) throws -> [YamuxFrame] {
        var decoder = YamuxFrameDecoder(maximumLength: maximumLength)
        decoder.append(bytes)
        var frames: [YamuxFrame] = []
        while let frame = try decoder.next() { frames.append(frame) }
        return frames
    }

    /// Written by hand after the specification.
    @Test func bytesOfFrames() throws {
        let expected: [(YamuxFrame, [UInt8])] = [
            (.data(try yamuxID(1), [], [0xaa, 0xbb]), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0xaa, 0xbb]),
            (.data(try yamuxID(0x0102_0304), .fin, []), [0, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0]),
            (.windowUpdate(try yamuxID(3), .syn, delta: 0), [0, 1, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0]),
            (.windowUpdate(try yamuxID(2), .ack, delta: 0x40000), [0, 1, 0, 2, 0, 0, 0, 2, 0, 4, 0, 0]),
            (.windowUpdate(try yamuxID(.max), .rst, delta: .max), [0, 1, 0, 8] + [UInt8](repeating: 255, count: 8)),
            (.ping(0x0a0b_0c0d), [0, 2, 0, 1, 0, 0, 0, 0, 10, 11, 12, 13]),
            (.pong(7), [0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7]),
            (.goAway(.normal), [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.goAway(.protocolError), [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            (.goAway(.internalError), [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
            (.goAway(.other(0x1001)), [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1]),
        ]
        for (frame, bytes) in expected {
            #expect(frame.encoded == bytes)
            #expect(try decode(bytes) == [frame])
        }
        #expect(try decode(expected.flatMap(\.1)) == expected.map(\.0))
    }

    @Test func refusesEveryIllegalHeader() {
        func expect(_ bytes: [UInt8], _ error: YamuxFrameError) {
            #expect(throws: error) { try decode(bytes) }
        }
        let tail: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0]
        let session: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
        for version in UInt8(1)...255 { expect([version, 0, 0, 0] + tail, .version(version)) }
        for type in UInt8(4)...255 { expect([0, type, 0, 0] + tail, .type(type)) }
        for type in UInt8(0)...1 {
            for bit in 4..<16 {
                let flags = UInt16(1) << bit
                expect([0, type, UInt8(flags >> 8), UInt8(flags & 255)] + tail, .flags(flags))
            }
            expect([0, type, 0, 3] + tail, .flags(3))
            expect([0, type, 0, 0] + session, .sessionStream)
        }
        for flags in UInt8(0)...255 where flags != 1 && flags != 2 {
            expect([0, 2, 0, flags] + session, .flags(UInt16(flags)))
        }
        for flags in UInt8(1)...255 { expect([0, 3, 0, flags] + session, .flags(UInt16(flags))) }
        expect([0, 2, 1, 1] + session, .flags(0x101))
        expect([0, 2, 0, 1] + tail, .stream(1))
        expect([0, 3, 0, 0] + tail, .stream(1))
        expect([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 4, 1], .length(1025))
        expect([0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255], .length(.max))
    }

    @Test func takesTheLongestFrame() throws {
        let frame = YamuxFrame.data(try yamuxID(1), [], ByteBuffer(repeating: 9, count: 1024))
        #expect(try decode(frame.encoded) == [frame])
    }

    @Test func failureStays() throws {
        var decoder = YamuxFrameDecoder(maximumLength: 10)
        decoder.append([1] + [UInt8](repeating: 0, count: 11) + YamuxFrame.ping(1).encoded)
        for _ in 0..<3 { #expect(throws: YamuxFrameError.version(1)) { try decoder.next() } }
    }

    @Test func framesDoNotDependOnCuts() throws {
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<200 {
            let frames = try (0..<10).map { _ in try randomFrame(&random) }
            var decoder = YamuxFrameDecoder(maximumLength: 64)
            var bytes = frames.flatMap(\.encoded)[...]
            var decoded: [YamuxFrame] = []
            while !bytes.isEmpty {
                let cut = bytes.prefix(1 + random.below(40))
                bytes = bytes.dropFirst(cut.count)
                decoder.append(Array(cut))
                while let frame = try decoder.next() { decoded.append(frame) }
                #expect(decoder.bufferedBytes < 12 + 64)
            }
            #expect(decoded == frames)
        }
    }

    private func randomFrame(_ random: inout DeterministicRandom) throws -> YamuxFrame {
        let id = try yamuxID(UInt32(1 + random.below(Int(UInt32.max))))
        let flags = YamuxFlags(rawValue: UInt16([0, 1, 2, 4, 8, 5, 12][random.below(7)]))
        let value = UInt32(truncatingIfNeeded: random.next())
        switch random.below(5) {
        case 0: return .data(id, flags, ByteBuffer(bytes: random.bytes(random.below(65))))
        case 1: return .windowUpdate(id, flags, delta: value)
        case 2: return .ping(value)
        case 3: return .pong(value)
        default: return .goAway(YamuxGoAwayCode(value % 4))
        }
    }

    /// Whatever is decoded encodes to the bytes it came from: nothing is read in two ways.
    @Test func anyBytesDecodeToThemselvesOrFail() throws {
        var random = DeterministicRandom(seed: 2)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(12)
            for index in [0, 1, 2, 3, 8, 9, 10] where random.below(32) != 0 { bytes[index] = 0 }
            if random.below(2) == 0 { bytes[1] = UInt8(random.below(5)) }
            if random.below(2) == 0 { bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0]) }
            if random.below(2) == 0 { bytes[3] = UInt8(random.below(16)) }
            bytes += random.bytes(random.below(300))
            guard let frames = try? decode(bytes, maximumLength: 128) else { continue }
            let encoded = frames.flatMap(\.encoded)
            #expect(encoded == Array(bytes.prefix(encoded.count)))
            accepted += frames.isEmpty ? 0 : 1
        }
        #expect(accepted > 100)
    }
}
