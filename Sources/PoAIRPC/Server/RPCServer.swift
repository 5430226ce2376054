import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// JSON-RPC over HTTP and WebSocket on one port.
public final class RPCServer: Sendable {
    /// Where the server listens and whom it serves.
    public struct Configuration: Hashable, Sendable {
        /// A name or an address. Who can reach it can use the node, so only loopback unless told otherwise.
        public var host = "127.0.0.1"
        /// 0...65535; 0: any that is free.
        public var port = 8545
        /// Web pages that may read answers, by scheme and name as in "https://example.org"; "*": all.
        public var corsOrigins: [String] = []
        /// Names that clients may call the node by, besides literal addresses; "*": all.
        public var allowedHosts = ["localhost"]
        /// What a client may use.
        public var limits = RPCServerLimits()

        /// Loopback, port 8545.
        public init() {}
    }

    /// The port it listens on.
    public let port: Int
    private let services: RPCServices
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let isStopped = Mutex(false)

    /// Listens and serves until `stop`. Blocks for a moment; not for use on an event loop.
    /// - Throws: `RPCServerError`.
    public init(configuration: Configuration, methods: RPCMethodTable) throws(RPCServerError) {
        if let name = configuration.limits.firstFault { throw .badConfiguration(name: name) }
        guard (0...65_535).contains(configuration.port) else { throw .badConfiguration(name: "port") }
        let services = RPCServices(configuration: configuration, methods: methods)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            let listener = try Self.bootstrap(group, services)
                .bind(host: configuration.host, port: configuration.port).wait()
            self.listener = listener
            port = listener.localAddress?.port ?? configuration.port
        } catch {
            services.workers.stop()
            try? group.syncShutdownGracefully()
            throw Self.fault(error, configuration)
        }
        self.services = services
        self.group = group
    }

    /// Connections that are open now.
    public var connections: Int { services.connections }

    /// Bytes of requests and answers that are kept now.
    package var bufferedBytes: Int { services.budget.bytes }

    /// Takes no more connections and requests, lets calls under way end for a few seconds, and closes what is left. Blocks;
    /// not for use on an event loop. Later calls do nothing.
    public func stop() {
        let wasStopped = isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        if wasStopped { return }
        try? listener.close().wait()
        services.forEachChannel { channel in
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
        let closed = services.closeFutures(on: group.next())
        wait(for: closed)
        services.forEachChannel { $0.close(promise: nil) }
        try? closed.wait()
        try? group.syncShutdownGracefully()
        services.workers.stop()
    }

    /// Waits as long as stopping may take, or until the connections are closed.
    private func wait(for closed: EventLoopFuture<Void>) {
        let late = closed.eventLoop.scheduleTask(in: services.times.stop) {}
        closed.whenComplete { _ in late.cancel() }
        try? late.futureResult.wait()
    }

    private static func fault(_ error: any Error, _ configuration: Configuration) -> RPCServerError {
        let (host, port) = (configuration.host, configuration.port)
        guard let error = error as? IOError else {
            return .cannotListen(host: host, port: port, reason: "\(error)".clipped(to: 200))
        }
        if error.errnoCode == EADDRINUSE { return .portInUse(host: host, port: port) }
        return .cannotListen(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }

    private static func bootstrap(_ group: MultiThreadedEventLoopGroup, _ services: RPCServices) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.equip(channel, services) }
            }
    }

    /// Puts the handlers of a new connection into its pipeline.
    private static func equip(_ channel: any Channel, _ services: RPCServices) throws {
        let pipeline = channel.pipeline.syncOperations
        guard services.register(channel) else { return try pipeline.addHandler(RejectionHandler()) }
        let connection = ConnectionGuard(services: services)
        let http = HTTPHandler(services: services, connection: connection)
        try pipeline.addHandler(connection)
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 64 << 10
        limits.maxHeaderFieldCount = 100
        let handler = NIOLoopBound(http, eventLoop: channel.eventLoop)
        let completion: @Sendable (ChannelHandlerContext) -> Void = { context in
            context.pipeline.syncOperations.removeHandler(handler.value, promise: nil)
        }
        try pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader(services)], completionHandler: completion),
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(http)
    }

    private static func upgrader(_ services: RPCServices) -> NIOWebSocketServerUpgrader {
        NIOWebSocketServerUpgrader(
            maxFrameSize: services.limits.requestBytes, automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                let isAllowed =
                    head.method == .GET && (head.uri == "/" || head.uri.hasPrefix("/?"))
                    && services.access.allows(host: head.headers["host"])
                    && services.access.allows(socketOrigins: head.headers["origin"])
                return channel.eventLoop.makeSucceededFuture(isAllowed ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    let connection = try pipeline.handler(type: ConnectionGuard.self)
                    try pipeline.addHandler(SocketHandler(services: services, connection: connection))
                }
            })
    }
}

/// Tells a client that there are too many connections, and closes.
final class RejectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let text = "too many connections; try again later\n"
        let answer = """
            HTTP/1.1 503 Service Unavailable\r
            content-type: text/plain\r
            content-length: \(text.utf8.count)\r
            connection: close\r
            \r
            \(text)
            """
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
