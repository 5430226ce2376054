import LibP2P
import NIOCore
import NIOPosix
import Testing

/// What a host refuses and ends, over TCP on loopback.
@Suite struct HostLimitTests {
    /// A connection that speaks no libp2p.
    private func plain(_ host: Host) async throws -> any Channel {
        let port = try #require(
            host.listenAddresses.first?.components.compactMap { part -> Int? in
                if case .tcp(let port) = part { Int(port) } else { nil }
            }.first)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
    }

    @Test func aSlowUpgradeAndGarbageEndTheConnection() async throws {
        var configuration = HostConfiguration()
        configuration.upgradeLimit = .milliseconds(500)
        let host = try await Hosts.make(NodeKey(), configuration)
        let slow = try await plain(host)
        let dripping = Task {
            for byte in [0x13] + Array("/multistream/1.0.0".utf8) {
                try await slow.writeAndFlush(ByteBuffer(bytes: [byte]))
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        try await Hosts.eventually("the slow one is ended") { !slow.isActive }
        dripping.cancel()
        let garbage = try await plain(host)
        // A busy machine may be slower than the limit for an upgrade, which ends it as well.
        try? await garbage.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        try await Hosts.eventually("garbage is ended") { !garbage.isActive }
        #expect(host.connections.isEmpty)
        await host.stop()
    }

    @Test func connectionsAreLimited() async throws {
        var configuration = HostConfiguration()
        configuration.connections.upgrading = 1
        // The first one must not be ended for being slow, however busy the machine is.
        configuration.upgradeLimit = .seconds(600)
        let host = try await Hosts.make(NodeKey(), configuration)
        // Each is looked at by a thread of its own, so either may be the second.
        let both = [try await plain(host), try await plain(host)]
        try await Hosts.eventually("one is ended") { both.contains { !$0.isActive } }
        #expect(both.count(where: \.isActive) == 1)
        for channel in both where channel.isActive { try await channel.close() }
        await host.stop()
    }

    @Test func bannedPeersAreRefused() async throws {
        try await Hosts.connected { alice, bob in
            alice.ban(bob.id, for: .seconds(60))
            try await Hosts.eventually("disconnected") { alice.connections.isEmpty && bob.connections.isEmpty }
            let error = await #expect(throws: HostError.self) { try await alice.connect(to: Hosts.address(bob)) }
            #expect(error?.description == "refused: peer \(bob.id) is banned")
            _ = try? await bob.connect(to: Hosts.address(alice))
            try await Hosts.eventually("refused") { bob.connections.isEmpty }
            #expect(alice.connections.isEmpty)
        }
    }

    @Test func idleConnectionsEndUnlessProtected() async throws {
        var configuration = HostConfiguration()
        configuration.connections.idle = .milliseconds(300)
        configuration.maintenance = .milliseconds(50)
        let (alice, bob) = (try await Hosts.make(NodeKey(), configuration), try await Hosts.make())
        alice.protect(bob.id, true)
        _ = try await alice.connect(to: Hosts.address(bob))
        try await Task.sleep(for: .milliseconds(800))
        #expect(alice.connections.count == 1)
        alice.protect(bob.id, false)
        try await Hosts.eventually("idle") { alice.connections.isEmpty && bob.connections.isEmpty }
        await alice.stop()
        await bob.stop()
    }
}
