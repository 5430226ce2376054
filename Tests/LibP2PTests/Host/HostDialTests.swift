import LibP2P
import Testing

/// Several dials to one peer at the same time.
@Suite struct HostDialTests {
    /// A host that has room for one connection with a peer, so that a second dial fails.
    private static func narrow() async throws -> Host {
        var configuration = HostConfiguration()
        configuration.connections.perPeer = 1
        return try await Hosts.make(NodeKey(), configuration)
    }

    private static func results(of host: Host, _ addresses: [Multiaddr]) async -> [Result<PeerID, any Error>] {
        await withTaskGroup(of: Result<PeerID, any Error>.self) { group in
            for address in addresses {
                group.addTask {
                    do { return .success(try await host.connect(to: address)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(arguments: [true, false]) func anAddressIsDialledOnceAndAllGetTheResult(names: Bool) async throws {
        let (alice, bob) = (try await Self.narrow(), try await Self.narrow())
        let bare = try #require(bob.listenAddresses.first)
        let address = names ? try Hosts.address(bob) : bare
        let results = await Self.results(of: alice, [Multiaddr](repeating: address, count: 16))
        #expect(results.count == 16)
        for result in results { #expect(try result.get() == bob.id) }
        // It is over then: a later dial is one of its own.
        alice.disconnect(bob.id)
        try await Hosts.eventually("the connection is gone") { alice.connections.isEmpty && bob.connections.isEmpty }
        #expect(try await alice.connect(to: address) == bob.id)
        await alice.stop()
        await bob.stop()
    }

    @Test func aFailureIsThatOfAllWhoWantTheAddressAndOfNobodyElse() async throws {
        let (alice, bob, gone) = (try await Self.narrow(), try await Self.narrow(), try await Self.narrow())
        let nobody = try Multiaddr(#require(gone.listenAddresses.first).components + [.p2p(bob.id)])
        await gone.stop()
        let failures = await Self.results(of: alice, [Multiaddr](repeating: nobody, count: 8))
        for result in failures { #expect(throws: HostError.self) { try result.get() } }
        // A false address beside a right one.
        let right = try Hosts.address(bob)
        let both = await Self.results(of: alice, [nobody, right])
        #expect(both.contains { (try? $0.get()) == bob.id })
        #expect(alice.connections.map(\.peer) == [bob.id])
        await alice.stop()
        await bob.stop()
    }
}
