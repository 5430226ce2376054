import LibP2P
import NIOCore
import Testing

/// What the handler of a connection does between its channel and the tasks that use its streams.
@Suite struct YamuxHandlerTests {
    private static let window = YamuxLimits.initialWindow

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) } }

    @Test func nothingIsWrittenWhileTheChannelTakesNothing() async throws {
        var probe = try await YamuxHandlerProbe()
        let stream = try await probe.open()
        #expect(try await probe.sent() == [.windowUpdate(try yamuxID(1), .syn, delta: 0)])
        try await probe.setWritable(false)
        try await stream.write([1, 2])
        #expect(try await probe.sent() == [])
        try await probe.setWritable(true)
        #expect(try await probe.sent() == [.data(try yamuxID(1), [], [1, 2])])
    }

    /// A peer that gives no window holds the writer back, and nothing is lost or sent twice when it does.
    @Test func aWriterWaitsForTheWindowOfThePeer() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        let all = bytes(3 << 20)
        let writing = Task {
            for start in stride(from: 0, to: all.count, by: 100_000) {
                try await stream.write(Array(all[start..<min(start + 100_000, all.count)]))
            }
            try await stream.finish()
        }
        var frames: [YamuxFrame] = []
        while YamuxHandlerProbe.data(frames).count < Self.window { frames += try await probe.sent() }
        // Queues and window together are less than what is written, so the writer cannot be done.
        for _ in 0..<100 { frames += try await probe.sent() }
        #expect(YamuxHandlerProbe.data(frames) == Array(all.prefix(Self.window)))
        try await probe.receive(.windowUpdate(id, .ack, delta: UInt32(all.count)))
        while frames.last != .data(id, .fin, []), YamuxHandlerProbe.data(frames).count < all.count {
            frames += try await probe.sent()
        }
        try await writing.value
        frames += try await probe.sent()
        #expect(YamuxHandlerProbe.data(frames) == all)
        guard case .data(id, .fin, _)? = frames.last else {
            Issue.record("the last frame has no FIN: \(String(describing: frames.last))")
            return
        }
    }

    @Test func thePeerGetsItsWindowBackWhenBytesAreRead() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        _ = try await probe.sent()
        let all = bytes(Self.window)
        try await probe.receive(.data(id, .ack, ByteBuffer(bytes: all)))
        #expect(try await probe.sent() == [])
        var read: [UInt8] = []
        while read.count < all.count { read += try await stream.read() ?? [] }
        #expect(read == all)
        #expect(try await probe.sent() == [.windowUpdate(id, [], delta: UInt32(Self.window))])
    }

    /// Many short pieces come back as they were, whoever owns the memory that they came in.
    @Test func shortPiecesAreReadInOrder() async throws {
        let probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        let all = bytes(5000)
        for start in stride(from: 0, to: all.count, by: 50) {
            try await probe.receive(.data(id, [], ByteBuffer(bytes: all[start..<start + 50])))
        }
        try await probe.receive(.windowUpdate(id, .fin, delta: 0))
        var read: [UInt8] = []
        while let more = try await stream.read() { read += more }
        #expect(read == all)
    }

    @Test func aPeerThatOverrunsTheWindowIsCutOff() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        _ = try await probe.sent()
        try await probe.receive(.data(id, [], ByteBuffer(repeating: 1, count: Self.window)), .data(id, [], [1]))
        #expect(try await probe.sent() == [.goAway(.protocolError)])
        #expect(!probe.channel.isActive && probe.owner.told.withLock { $0.ends } == 1)
        await #expect(throws: StreamError.disconnected) { while try await stream.read() != nil {} }
    }

    @Test func aResetOfThePeerEndsReaderAndWriter() async throws {
        let probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        let reading = Task { try await stream.read() }
        try await probe.receive(.windowUpdate(id, .rst, delta: 0))
        await #expect(throws: StreamError.reset) { try await reading.value }
        await #expect(throws: StreamError.reset) { try await stream.write([1]) }
        #expect(probe.owner.told.withLock { $0.streams } == 0)
        #expect(probe.channel.isActive)
    }

    @Test func aResetOfThisSideDropsWhatWaits() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        _ = try await probe.sent()
        try await probe.setWritable(false)
        try await stream.write([1, 2, 3])
        stream.reset()
        _ = try await probe.sent()
        try await probe.setWritable(true)
        #expect(try await probe.sent() == [.windowUpdate(id, .rst, delta: 0)])
        try await probe.receive(.data(id, [], [1]))
        #expect(try await probe.sent() == [])
        #expect(probe.channel.isActive && probe.owner.told.withLock { $0.streams } == 0)
    }
}
