import NIOCore
import NIOPosix

/// Passes TCP connections on to one port of this machine and delays what goes either way.
final class DelayProxy: Sendable {
    private let channel: any Channel

    /// Where to connect to.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// - Parameter delay: for every byte in either direction; its order is kept and its rate not limited.
    init(to port: Int, delay: TimeAmount, on group: any EventLoopGroup) async throws {
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { inbound in
                let back = DelayedPipe(delay)
                return ClientBootstrap(group: inbound.eventLoop)
                    .channelOption(.socketOption(.tcp_nodelay), value: 1)
                    .channelInitializer { outbound in
                        outbound.eventLoop.makeCompletedFuture {
                            try outbound.pipeline.syncOperations.addHandler(DelayHandler(back))
                        }
                    }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { outbound in
                        back.open(to: inbound)
                        let forth = DelayedPipe(delay)
                        forth.open(to: outbound)
                        try inbound.pipeline.syncOperations.addHandler(DelayHandler(forth))
                    }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async { try? await channel.close() }
}

/// One direction: what is put in comes out at the target after the delay. Used on one event loop only.
private final class DelayedPipe: @unchecked Sendable {
    private let delay: TimeAmount
    private var target: (any Channel)?
    private var waiting = CircularBuffer<ByteBuffer?>()

    init(_ delay: TimeAmount) { self.delay = delay }

    func open(to target: any Channel) { self.target = target }

    /// nil: the end.
    func put(_ bytes: ByteBuffer?, on loop: any EventLoop) {
        waiting.append(bytes)
        // What comes out is what went in first, in whatever order timers of one moment fire.
        loop.scheduleTask(in: delay) { [self] in
            guard let next = waiting.popFirst() else { return }
            if let next { target?.writeAndFlush(next, promise: nil) } else { target?.close(promise: nil) }
        }
    }
}

private final class DelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let pipe: DelayedPipe

    init(_ pipe: DelayedPipe) { self.pipe = pipe }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pipe.put(unwrapInboundIn(data), on: context.eventLoop)
    }

    func channelInactive(context: ChannelHandlerContext) { pipe.put(nil, on: context.eventLoop) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
