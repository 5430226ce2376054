import LibP2P
import Testing

/// Connections of hosts over TCP on loopback.
@Suite struct HostConnectionTests {
    @Test func connectionsAndEvents() async throws {
        let (alice, bob) = (try await Hosts.make(), try await Hosts.make())
        var events = alice.events().makeAsyncIterator()
        #expect(try await alice.connect(to: Hosts.address(bob)) == bob.id)
        guard case .connected(let connection) = await events.next() else {
            Issue.record("no connection is told of")
            return
        }
        #expect(connection.peer == bob.id && connection.isOutbound)
        #expect(connection.remoteAddress == bob.listenAddresses.first)
        #expect(try await alice.connect(to: Hosts.address(bob)) == bob.id)
        try await Hosts.eventually("the other side is connected") { bob.connections.map(\.peer) == [alice.id] }
        #expect(bob.connections.map(\.isOutbound) == [false] && alice.connections.count == 1)
        // A second connection at the same time is no second entry, and its end is no end of the peer.
        _ = try await alice.connect(to: #require(bob.listenAddresses.first))
        #expect(alice.connections.count == 1)
        alice.disconnect(bob.id)
        var last = await events.next()
        while case .identified = last { last = await events.next() }
        #expect(last == .disconnected(bob.id))
        await alice.stop()
        while let event = await events.next() { #expect(event != .disconnected(bob.id)) }
        await bob.stop()
        await #expect(throws: HostError.self) { try await alice.connect(to: Hosts.address(bob)) }
    }

    @Test func theWrongPeerIsRefused() async throws {
        let (alice, bob, carol) = (try await Hosts.make(), try await Hosts.make(), NodeKey().peerID)
        let error = await #expect(throws: HostError.self) {
            try await alice.connect(to: Hosts.address(bob, peer: carol))
        }
        #expect(error?.description == "expected peer \(carol), found \(bob.id)")
        #expect(alice.connections.isEmpty)
        let own = await #expect(throws: HostError.self) { try await alice.connect(to: Hosts.address(alice)) }
        guard case .ownAddress = own else {
            Issue.record("\(String(describing: own))")
            return
        }
        let hidden = await #expect(throws: HostError.self) {
            try await alice.connect(to: #require(alice.listenAddresses.first))
        }
        guard case .ownAddress = hidden else {
            Issue.record("\(String(describing: hidden))")
            return
        }
        await alice.stop()
        await bob.stop()
    }
}
