import LibP2P
import NIOCore
import Testing

/// A peer that wants no new streams: its connection goes with the last stream.
@Suite struct YamuxLeavingTests {
    @Test func noStreamsAreOpenedAndTheOpenOnesGoOn() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        try await probe.receive(.windowUpdate(id, .ack, delta: 0), .goAway(.normal))
        #expect(probe.owner.told.withLock { $0.isLeaving })
        await #expect(throws: StreamError.disconnected) { _ = try await probe.open() }
        #expect(probe.channel.isActive)
        _ = try await probe.sent()
        try await stream.write([1])
        #expect(try await probe.sent() == [.data(id, [], [1])])
        try await probe.receive(.data(id, .fin, [2]))
        #expect(try await stream.read() == [2])
        #expect(try await probe.sent() == [] && probe.channel.isActive)
        try await stream.finish()
        #expect(try await probe.sent() == [.data(id, .fin, []), .goAway(.normal)])
        #expect(!probe.channel.isActive && probe.owner.told.withLock { $0.ends } == 1)
    }

    /// What was written before the end goes out although the channel took nothing for a while.
    @Test func theLastBytesAreNotLost() async throws {
        var probe = try await YamuxHandlerProbe()
        let (stream, id) = (try await probe.open(), try yamuxID(1))
        try await probe.receive(.data(id, .fin, []), .goAway(.normal))
        _ = try await probe.sent()
        try await probe.setWritable(false)
        try await stream.write([1, 2])
        try await stream.finish()
        #expect(try await probe.sent() == [] && probe.channel.isActive)
        try await probe.setWritable(true)
        #expect(try await probe.sent() == [.data(id, .fin, [1, 2]), .goAway(.normal)])
        #expect(!probe.channel.isActive)
    }

    @Test func withoutStreamsTheConnectionEndsAtOnce() async throws {
        let probe = try await YamuxHandlerProbe()
        try await probe.receive(.goAway(.normal))
        #expect(!probe.channel.isActive && probe.owner.told.withLock { $0.ends } == 1)
    }

    @Test func aResetStreamCountsAsDone() async throws {
        let probe = try await YamuxHandlerProbe()
        let (first, second) = (try await probe.open(), try await probe.open())
        try await probe.receive(.goAway(.normal), .windowUpdate(try yamuxID(1), .rst, delta: 0))
        #expect(probe.channel.isActive)
        second.reset()
        await probe.channel.testingEventLoop.run()
        #expect(!probe.channel.isActive)
        await #expect(throws: StreamError.reset) { try await first.read() }
    }

    /// Only the peer's word ends the connection with its last stream.
    @Test func otherwiseTheConnectionStays() async throws {
        var probe = try await YamuxHandlerProbe()
        let stream = try await probe.open()
        stream.reset()
        _ = try await probe.sent()
        #expect(probe.channel.isActive && probe.owner.told.withLock { $0.streams } == 0)
        _ = try await probe.open()
    }
}
