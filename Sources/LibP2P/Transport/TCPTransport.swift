import NIOCore
import NIOPosix

/// Makes and takes TCP connections that are upgraded before anything else is sent on them. How many connections there may
/// be is not decided here.
public struct TCPTransport: Sendable {
    private let identity: NodeKey
    private let muxers: [String]
    private let offersEarlyMuxer: Bool
    private let limit: TimeAmount
    private let group: any EventLoopGroup

    /// Connections of the peer `identity` that offer `muxers`, first choice first. `limit` is the time for an upgrade.
    public init(
        identity: NodeKey, muxers: [String], offersEarlyMuxer: Bool = true, limit: TimeAmount = .seconds(15),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.identity = identity
        self.muxers = muxers
        self.offersEarlyMuxer = offersEarlyMuxer
        self.limit = limit
        self.group = group
    }

    /// Bytes that are read at once: some Noise messages of full length.
    private static let mostReceived = 256 * 1024
    /// After so many reads what came is passed on.
    private static let readsAtOnce: UInt = 1
    /// Bytes that wait for the socket: above the second number nothing is added until there are fewer than the first.
    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 128 * 1024, high: 512 * 1024)

    private static var allocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: mostReceived)
    }

    /// Dials `address`; when it ends in a peer id, nobody else is taken. `install` adds the muxer's handler.
    /// - Throws: `TransportError`; what the operating system or `install` says.
    public func dial(
        _ address: Multiaddr, install: @escaping SecureChannelHandler.Install
    ) async throws -> (channel: any Channel, peer: UpgradedPeer) {
        let target = try Self.target(address)
        let upgrade = upgrade(.initiator, expected: address.peerID)
        let (channel, outcome) = try await ClientBootstrap(group: group)
            .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(ChannelOptions.recvAllocator, value: Self.allocator)
            .channelOption(ChannelOptions.maxMessagesPerRead, value: Self.readsAtOnce)
            .channelOption(ChannelOptions.writeBufferWaterMark, value: Self.waterMark)
            .connectTimeout(limit)
            .resolver(target.family.map { FamilyResolver($0, on: group.any()) })
            .connect(host: target.host, port: target.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    (channel, try Self.add(upgrade, limit, to: channel, install))
                }
            }
        do { return (channel, try await outcome.get()) } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    /// Listens on `address`, of which port 0 means any. `accept` refuses a connection before its first byte by an error;
    /// `install` adds the muxer's handler to each upgraded connection;
    /// one whose upgrade fails is closed.
    /// - Throws: `TransportError`; what the operating system says.
    public func listen(
        _ address: Multiaddr, accept: @escaping @Sendable (any Channel) throws -> Void = { _ in },
        install: @escaping SecureChannelHandler.Install
    ) async throws -> any Channel {
        let target = try Self.target(address)
        let upgrade = upgrade(.responder, expected: nil)
        let limit = limit
        return try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.recvAllocator, value: Self.allocator)
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: Self.readsAtOnce)
            .childChannelOption(ChannelOptions.writeBufferWaterMark, value: Self.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel)
                    _ = try Self.add(upgrade, limit, to: channel, install)
                }
            }
            .bind(host: target.host, port: target.port).get()
    }

    private func upgrade(_ role: NoiseRole, expected: PeerID?) -> @Sendable () -> ConnectionUpgrade {
        { [identity, muxers, offersEarlyMuxer] in
            ConnectionUpgrade(
                role, identity: identity, expected: expected, muxers: muxers, offersEarlyMuxer: offersEarlyMuxer)
        }
    }

    private static func add(
        _ upgrade: () -> ConnectionUpgrade, _ limit: TimeAmount, to channel: any Channel,
        _ install: @escaping SecureChannelHandler.Install
    ) throws -> EventLoopFuture<UpgradedPeer> {
        let outcome = channel.eventLoop.makePromise(of: UpgradedPeer.self)
        try channel.pipeline.syncOperations.addHandler(
            SecureChannelHandler(upgrade(), limit: limit, outcome: outcome, install: install))
        return outcome.futureResult
    }

    /// Where an address of the form host, TCP port, and perhaps a peer leads.
    private static func target(
        _ address: Multiaddr
    ) throws(TransportError) -> (host: String, port: Int, family: FamilyResolver.Family?) {
        let parts = address.components
        guard parts.count == 2 || (parts.count == 3 && address.peerID != nil), case .tcp(let port) = parts[1] else {
            throw .unsupportedAddress(address)
        }
        switch parts[0] {
        case .ip4(let ip): return (ip.description, Int(port), nil)
        case .ip6(let ip): return (ip.description, Int(port), nil)
        case .dns(let name): return (name.text, Int(port), nil)
        case .dns4(let name): return (name.text, Int(port), .ip4)
        case .dns6(let name): return (name.text, Int(port), .ip6)
        case .tcp, .udp, .p2p: throw .unsupportedAddress(address)
        }
    }
}
