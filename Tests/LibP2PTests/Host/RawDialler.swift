import LibP2P
import NIOCore
import NIOPosix
import PoAITestSupport
import Testing

/// A peer that dials a host, upgrades the connection as it should, and then sends whatever a test wants.
final class RawDialler {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private var session: NoiseSession?

    private init(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>) { self.channel = channel }

    /// Runs `body` with a connection to `host`, which is closed afterwards.
    static func dial(_ host: Host, _ body: (RawDialler, Wire) async throws -> Void) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: try port(of: host)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        let dialler = RawDialler(channel)
        try await channel.executeThenClose { inbound, outbound in
            try await body(dialler, Wire(inbound: inbound.makeAsyncIterator(), outbound: outbound))
        }
    }

    /// The port that a host listens on.
    static func port(of host: Host) throws -> Int {
        try #require(
            host.listenAddresses.first?.components.compactMap { part -> Int? in
                if case .tcp(let port) = part { Int(port) } else { nil }
            }.first)
    }

    /// Both directions of the connection.
    final class Wire {
        private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

        init(
            inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
            outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        ) {
            self.inbound = inbound
            self.outbound = outbound
        }

        /// Sends bytes as they are.
        func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

        /// Says that nothing more is sent.
        func finish() { outbound.finish() }

        /// The next bytes; nil when the host ended the connection.
        func receive() async -> [UInt8]? { ((try? await inbound.next()) ?? nil).map { Array($0.readableBytesView) } }

        /// Waits until the host ends the connection.
        func receiveAll() async { while await receive() != nil {} }
    }

    /// The host ended the connection before it was upgraded.
    struct Refused: Error {}

    /// Security and muxer, as an honest peer does.
    func upgrade(_ wire: Wire) async throws {
        var upgrade = ConnectionUpgrade(.initiator, identity: NodeKey(), muxers: ["/yamux/1.0.0"])
        try await wire.send(upgrade.start())
        while session == nil, let bytes = await wire.receive() {
            for action in try upgrade.receive(bytes) {
                switch action {
                case .send(let answer): try await wire.send(answer)
                case .upgraded(let connection): session = connection.session
                }
            }
        }
        guard session != nil else { throw Refused() }
    }

    /// The bytes, encrypted, that carry `plaintext`; to be called after `upgrade`.
    func seal(_ plaintext: [UInt8]) throws -> [UInt8] { try #require(try session?.seal(plaintext)) }

    /// A frame that opens stream `number`, which is odd, with data.
    static func opening(_ number: Int, _ data: [UInt8] = []) throws -> [UInt8] {
        let id = try #require(YamuxStreamID(UInt32(number)))
        return (data.isEmpty ? YamuxFrame.windowUpdate(id, .syn, delta: 0) : .data(id, .syn, ByteBuffer(bytes: data)))
            .encoded
    }
}

/// Sockets of this machine.
enum Sockets {
    /// How many connections to a local port the kernel keeps a file handle of this side for.
    static func accepted(on port: Int) throws -> Int {
        let hex = String(port, radix: 16, uppercase: true)
        let local = ":" + String(repeating: "0", count: 4 - hex.count) + hex
        let table = try String(decoding: #require(TestFile.read("/proc/net/tcp")), as: UTF8.self)
        // Established, and closed by the other side only.
        return table.split(separator: "\n").map { $0.split(separator: " ") }
            .count { $0.count > 3 && $0[1].hasSuffix(local) && ["01", "08"].contains($0[3]) }
    }
}
