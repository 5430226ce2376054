import LibP2P
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

/// The shell around the upgrade: on event loops that tests drive, and over TCP on loopback.
@Suite struct TransportTests {
    private static let yamux = ["/yamux/1.0.0"]

    /// A connection without a network, and what became of its upgrade.
    private final class Side {
        let channel = EmbeddedChannel()
        let outcome: EventLoopFuture<UpgradedPeer>

        init(_ upgrade: ConnectionUpgrade, failing: Bool = false) throws {
            let promise = channel.eventLoop.makePromise(of: UpgradedPeer.self)
            outcome = promise.futureResult
            let handler = SecureChannelHandler(upgrade, limit: .seconds(15), outcome: promise) { _, channel in
                if failing { throw TransportError.notUpgraded }
                // The muxer's first bytes, from within the upgrade.
                channel.writeAndFlush(ByteBuffer(bytes: [1, 2, 3]), promise: nil)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func output() throws -> [UInt8] {
            var bytes: [UInt8] = []
            while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
            return bytes
        }

        func plaintext() throws -> [UInt8] {
            var bytes: [UInt8] = []
            while let buffer = try channel.readInbound(as: ByteBuffer.self) { bytes += buffer.readableBytesView }
            return bytes
        }
    }

    private func carry(_ dialer: Side, _ listener: Side) throws {
        while true {
            let (fromDialer, fromListener) = (try dialer.output(), try listener.output())
            if fromDialer.isEmpty && fromListener.isEmpty { return }
            if !fromDialer.isEmpty { try listener.channel.writeInbound(ByteBuffer(bytes: fromDialer)) }
            if !fromListener.isEmpty { try dialer.channel.writeInbound(ByteBuffer(bytes: fromListener)) }
        }
    }

    private func upgrade(_ role: NoiseRole, _ key: NodeKey, _ early: Bool = true) -> ConnectionUpgrade {
        ConnectionUpgrade(role, identity: key, muxers: Self.yamux, offersEarlyMuxer: early)
    }

    @Test(arguments: [true, false]) func theFirstBytesOfTheMuxerArrive(_ early: Bool) throws {
        let (alice, bob) = (NodeKey(), NodeKey())
        let dialer = try Side(upgrade(.initiator, alice, early))
        let listener = try Side(upgrade(.responder, bob, early))
        try carry(dialer, listener)
        let peer = try dialer.outcome.wait()
        #expect(peer.key == bob.publicKey && peer.streamMuxer == "/yamux/1.0.0")
        #expect(try listener.outcome.wait().id == alice.peerID)
        #expect(try dialer.plaintext() == [1, 2, 3] && listener.plaintext() == [1, 2, 3])
        try dialer.channel.writeOutbound(ByteBuffer(bytes: [4]))
        try carry(dialer, listener)
        #expect(try listener.plaintext() == [4])
        dialer.channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(dialer.channel.isActive, "the time for the upgrade is over, and the upgrade was in time")
    }

    @Test func aSilentPeerIsLeft() throws {
        let side = try Side(upgrade(.responder, NodeKey()))
        side.channel.embeddedEventLoop.advanceTime(by: .seconds(14))
        #expect(side.channel.isActive)
        side.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!side.channel.isActive)
        #expect(throws: TransportError.timedOut) { try side.outcome.wait() }
    }

    @Test func failuresEndTheConnection() throws {
        let bad = try Side(upgrade(.responder, NodeKey()))
        #expect(throws: TransportError.upgrade(.negotiation(.badLine))) {
            try bad.channel.writeInbound(ByteBuffer(bytes: [0]))
        }
        #expect(!bad.channel.isActive)
        #expect(throws: TransportError.upgrade(.negotiation(.badLine))) { try bad.outcome.wait() }

        let closed = try Side(upgrade(.initiator, NodeKey()))
        try closed.channel.close().wait()
        #expect(throws: TransportError.closed) { try closed.outcome.wait() }

        let early = try Side(upgrade(.initiator, NodeKey()))
        #expect(throws: TransportError.notUpgraded) { try early.channel.writeOutbound(ByteBuffer(bytes: [1])) }
        try early.channel.close().wait()

        let refusing = try Side(upgrade(.initiator, NodeKey()), failing: true)
        try carry(refusing, try Side(upgrade(.responder, NodeKey())))
        #expect(throws: TransportError.notUpgraded) { try refusing.outcome.wait() }
        #expect(!refusing.channel.isActive)
    }

    @Test func aChangedByteAfterTheUpgradeEndsTheConnection() throws {
        let dialer = try Side(upgrade(.initiator, NodeKey()))
        let listener = try Side(upgrade(.responder, NodeKey()))
        try carry(dialer, listener)
        try dialer.channel.writeOutbound(ByteBuffer(bytes: [4]))
        let changed = try dialer.output().flipping(20)
        #expect(throws: TransportError.session(.decryptionFailed)) {
            try listener.channel.writeInbound(ByteBuffer(bytes: changed))
        }
        #expect(!listener.channel.isActive)
    }

    @Test func overTCP() async throws {
        let (alice, bob) = (NodeKey(), NodeKey())
        let listening = try await TCPTransport(identity: bob, muxers: Self.yamux)
            .listen(Multiaddr("/ip4/127.0.0.1/tcp/0")) { _, _ in }
        let address = try Multiaddr("/ip4/127.0.0.1/tcp/\(try #require(listening.localAddress?.port))")
        let transport = TCPTransport(identity: alice, muxers: Self.yamux)
        for expected in [bob.peerID, nil] {
            let full = try Multiaddr(address.components + (expected.map { [.p2p($0)] } ?? []))
            let (channel, peer) = try await transport.dial(full) { _, _ in }
            #expect(peer.id == bob.peerID && channel.isActive)
            try await channel.close()
        }
        let other = try Multiaddr(address.components + [.p2p(alice.peerID)])
        await #expect(throws: TransportError.upgrade(.noise(.unexpectedPeer(bob.peerID, expected: alice.peerID)))) {
            _ = try await transport.dial(other) { _, _ in }
        }
        let udp = try Multiaddr("/ip4/127.0.0.1/udp/1")
        await #expect(throws: TransportError.unsupportedAddress(udp)) { _ = try await transport.dial(udp) { _, _ in } }
        try await listening.close()
    }
}
