import LibP2P
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

/// The handler of a connection without a network: the test is the peer, and says whether the connection takes bytes.
struct YamuxHandlerProbe {
    /// What the host would be told.
    final class Owner: YamuxOwner {
        struct Told {
            var opened: [HostStream] = []
            var streams = 0
            var isLeaving = false
            var ends = 0
        }

        let told = Mutex(Told())

        func opened(_ stream: HostStream, of connection: UInt64) { told.withLock { $0.opened.append(stream) } }
        func counted(_ streams: Int, of connection: UInt64) { told.withLock { $0.streams = streams } }
        func measured(_ roundTrip: Duration, of connection: UInt64) {}
        func leaving(_ connection: UInt64) { told.withLock { $0.isLeaving = true } }
        func ended(_ connection: UInt64) { told.withLock { $0.ends += 1 } }
    }

    let channel = NIOAsyncTestingChannel()
    let owner = Owner()
    private let handler: NIOLoopBound<YamuxHandler>
    private var decoder = YamuxFrameDecoder(maximumLength: 1 << 24)

    init(_ limits: YamuxLimits = YamuxLimits()) async throws {
        let (channel, owner) = (channel, owner)
        let peer = NodeKey().peerID
        handler = try await channel.testingEventLoop.executeInContext {
            let handler = YamuxHandler(.dialer, limits: limits, peer: peer, connection: 7, owner: owner, now: .zero)
            try channel.pipeline.syncOperations.addHandler(handler)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
    }

    /// A stream that this side opens.
    func open() async throws -> HostStream {
        let handler = handler
        return try await channel.testingEventLoop.executeInContext { handler.value.open() }.get()
    }

    /// The peer sends frames.
    func receive(_ frames: YamuxFrame...) async throws {
        try await channel.writeInbound(ByteBuffer(bytes: frames.flatMap(\.encoded)))
        await channel.testingEventLoop.run()
    }

    /// What went out since the last time, pings aside.
    mutating func sent() async throws -> [YamuxFrame] {
        await channel.testingEventLoop.run()
        while let bytes = try await channel.readOutbound(as: ByteBuffer.self) { decoder.append(bytes) }
        var frames: [YamuxFrame] = []
        while let frame = try decoder.next() { if case .ping = frame {} else { frames.append(frame) } }
        return frames
    }

    /// Whether the connection takes bytes from now on.
    func setWritable(_ isWritable: Bool) async throws {
        let channel = channel
        channel.isWritable = isWritable
        try await channel.testingEventLoop.executeInContext { channel.pipeline.fireChannelWritabilityChanged() }
    }

    /// The bytes of all frames with data.
    static func data(_ frames: [YamuxFrame]) -> [UInt8] {
        frames.flatMap { if case .data(_, _, let bytes) = $0 { Array(bytes.readableBytesView) } else { [UInt8]() } }
    }
}
