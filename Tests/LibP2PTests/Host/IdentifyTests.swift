import Foundation
import LibP2P
import Testing

/// What peers tell about themselves.
@Suite struct IdentifyTests {
    @Test func peersAreIdentifiedAndToldOfChanges() async throws {
        var configuration = HostConfiguration()
        configuration.agent = "poai/test"
        configuration.protocolVersion = "poai/7"
        try await Hosts.connected(configuration) { alice, bob in
            try await Hosts.eventually("both are identified") {
                alice.connections.first?.identity != nil && bob.connections.first?.identity != nil
            }
            let identity = try #require(alice.connections.first?.identity)
            #expect(identity.agent == "poai/test" && identity.protocolVersion == "poai/7")
            #expect(
                identity.protocols
                    == [IdentifyMessage.protocolName, IdentifyMessage.pushProtocolName, Host.pingProtocolName].sorted())
            #expect(identity.listenAddresses == bob.listenAddresses)
            #expect(bob.connections.first?.remoteAddress == identity.observedAddress)
            let record = try #require(PeerRecord(envelope: identity.signedRecord ?? []))
            #expect(record.peer == bob.id && record.addresses == bob.listenAddresses && record.sequence > 0)

            Hosts.serveEcho(bob)
            try await Hosts.eventually("a push came") {
                alice.connections.first?.identity?.protocols.contains(Hosts.echo) == true
            }
            bob.stopServing(Hosts.echo)
            try await Hosts.eventually("a push came") {
                alice.connections.first?.identity?.protocols.contains(Hosts.echo) == false
            }
            #expect(try await alice.ping(bob.id) > .zero)
            #expect(try await bob.ping(alice.id) > .zero)
            #expect(alice.connections.first?.roundTrip != nil)
            await #expect(throws: StreamError.disconnected) { try await alice.ping(NodeKey().peerID) }
        }
    }

    @Test func announcedAddressesAreToldFirstAndOnce() async throws {
        let alice = try await Hosts.make()
        let router = try Multiaddr("/ip4/203.0.113.7/tcp/30800")
        var configuration = HostConfiguration()
        configuration.announced = [router]
        let bob = try await Hosts.make(NodeKey(), configuration)
        _ = try await alice.connect(to: Hosts.address(bob))
        try await Hosts.eventually("bob is identified") { alice.connections.first?.identity != nil }
        let identity = try #require(alice.connections.first?.identity)
        #expect(identity.listenAddresses == [router] + bob.listenAddresses)
        let record = try #require(PeerRecord(envelope: identity.signedRecord ?? []))
        #expect(record.addresses == identity.listenAddresses)
        await alice.stop()
        await bob.stop()
    }

    @Test func pingsAreAnsweredAgainAndAgain() async throws {
        try await Hosts.connected { alice, bob in
            let stream = try await alice.open([Host.pingProtocolName], to: bob.id)
            let bytes = (0..<96).map { UInt8($0) }
            for _ in 0..<3 {
                for part in [bytes[..<40], bytes[40...]] { try await stream.write(Array(part)) }
                var answer: [UInt8] = []
                while answer.count < 96, let more = try await stream.read() { answer += more }
                #expect(answer == bytes)
            }
            try await stream.write([1])
            try await stream.finish()
            #expect(try await stream.read() == nil)
        }
    }

    @Test func messagesAreMergedAndBounded() throws {
        let key = NodeKey()
        let address = try Multiaddr("/ip4/10.0.0.1/tcp/1")
        let record = PeerRecord.envelope(of: key, sequence: 3, addresses: [address])
        var identity = PeerIdentity(
            agent: "a", protocolVersion: "b", protocols: ["/x", "/y"], listenAddresses: [address],
            observedAddress: address, signedRecord: record)
        let whole = IdentifyMessage.encode(identity, key: key.publicKey)
        #expect(try IdentifyMessage.decode([whole], from: key.peerID) == identity)
        var first = PBIdentify()
        first.agentVersion = "a\n\u{7}"
        first.protocols = ["/x", "not allowed"]
        first.listenAddrs = [Data(address.bytes), Data([1, 2])]
        var second = PBIdentify()
        second.protocols = ["/y"]
        second.signedPeerRecord = Data(record)
        let merged = try IdentifyMessage.decode(
            [first.deterministicBytes(), second.deterministicBytes()], from: key.peerID)
        #expect(merged.agent == "a??" && merged.protocols == ["/x", "/y"] && merged.listenAddresses == [address])
        #expect(merged.signedRecord == record && merged.observedAddress == nil)

        let other = NodeKey().peerID
        #expect(throws: StreamError.malformed) { try IdentifyMessage.decode([whole], from: other) }
        #expect(try IdentifyMessage.decode([second.deterministicBytes()], from: other).signedRecord == nil)
        #expect(throws: StreamError.malformed) { try IdentifyMessage.decode([], from: other) }
        #expect(throws: StreamError.malformed) { try IdentifyMessage.decode([[0xFF]], from: other) }
        #expect(throws: StreamError.malformed) {
            try IdentifyMessage.decode(Array(repeating: [], count: 11), from: other)
        }
        #expect(throws: StreamError.tooLong(limit: 8192)) {
            try IdentifyMessage.decode([[UInt8](repeating: 0, count: 8193)], from: other)
        }
        identity.protocols = (0..<2000).map { "/protocol/\($0)" }
        let cut = IdentifyMessage.encode(identity, key: key.publicKey)
        #expect(cut.count <= IdentifyMessage.maximumLength && cut.count > IdentifyMessage.maximumLength - 32)
        #expect(try IdentifyMessage.decode([cut], from: key.peerID).protocols.count == 256)
    }

    @Test func aChangedRecordIsNone() throws {
        let envelope = PeerRecord.envelope(of: NodeKey(), sequence: 9, addresses: [try Multiaddr("/ip4/1.2.3.4/tcp/5")])
        #expect(PeerRecord(envelope: envelope)?.sequence == 9)
        for bit in 0..<envelope.count * 8 {
            guard let changed = PeerRecord(envelope: envelope.flipping(bit)) else { continue }
            Issue.record("bit \(bit) means nothing: \(changed)")
        }
        for length in 0..<envelope.count { #expect(PeerRecord(envelope: Array(envelope.prefix(length))) == nil) }
    }
}
