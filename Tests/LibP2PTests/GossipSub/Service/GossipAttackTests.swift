import LibP2P
import Synchronization
import Testing

@Suite struct GossipAttackTests {
    private static let join = GossipRPC(subscriptions: [.init(subscribe: true, topic: "t")])

    @Test func aChangedSignatureIsDropped() async throws {
        let network = MemoryNetwork()
        let test = try TestService(network)
        try test.join()
        let raw = try await RawPeer(network, to: test)
        let signing = GossipSigning.strictSign(NodeKey())
        var bad = signing.message([1], topic: "t", number: 1)
        bad.signature = bad.signature?.flipping(9)
        let good = signing.message([2], topic: "t", number: 2)
        try await raw.send(GossipRPC(messages: [bad, good]))
        #expect(await eventually { !test.received.isEmpty })
        #expect(test.received == [[2]])
        await test.service.stop()
    }

    @Test func longOrMalformedFramesEndTheStreamAndCount() async throws {
        let network = MemoryNetwork()
        let test = try TestService(network)
        try test.join()
        for bytes in [UVarint.encode(UInt64(GossipRPC.maximumBytes) + 1), UVarint.prefixed([0x0B])] {
            let raw = try await RawPeer(network, to: test)
            try await raw.send(Self.join)
            #expect(await eventually { test.service.topicPeers(of: "t").contains(raw.host.id) })
            try? await raw.stream.write(bytes)
            #expect(await eventually { (raw.stream as? MemoryStream)?.isOver == true })
            #expect(await eventually { test.service.score(of: raw.host.id) < 0 })
        }
        await test.service.stop()
    }

    @Test func aPeerThatReadsNothingHoldsNobodyUp() async throws {
        let network = MemoryNetwork()
        let test = try TestService(network) {
            $0.sendQueueBytes = 300_000
            $0.writeTimeout = .milliseconds(500)
        }
        let other = try TestService(network)
        for each in [test, other] { try each.join() }
        try await other.host.connect(to: test.host.address)
        let raw = try await RawPeer(network, to: test)
        try await raw.send(Self.join)
        #expect(await eventually { test.service.topicPeers(of: "t").count == 2 })
        for number in 0..<40 {
            try test.service.publish([UInt8(number)] + [UInt8](repeating: 0, count: 50_000), to: "t")
            #expect(await eventually { other.received.count == number + 1 })
        }
        #expect(await eventually { test.host.connections.map(\.peer) == [other.host.id] })
        for each in [test, other] { await each.service.stop() }
    }

    @Test func queuesAreBoundedAndDropTheLeastImportant() {
        var queue = GossipSendQueue(limit: 4 * (100 + GossipSendQueue.overhead))
        func frame(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 100) }
        for (number, importance) in [GossipSendQueue.Importance.own, .gossip, .subscription, .gossip].enumerated() {
            let isAccepted = queue.append(frame(UInt8(number)), importance)
            #expect(isAccepted)
        }
        let accepted = [
            queue.append(frame(4), .relayed), queue.append(frame(5), .own), queue.append(frame(6), .relayed),
        ]
        #expect(accepted == [true, true, true])
        #expect(queue.dropped == 3 && queue.byteCount <= queue.limit)
        var left: [UInt8?] = []
        while let frame = queue.popFirst() { left.append(frame.first) }
        #expect(left == [0, 2, 5, 6] && queue.byteCount == 0)
        let full = (0..<5).map { queue.append(frame($0), .subscription) }
        #expect(full == [true, true, true, true, false])
    }

    @Test func floodsOfControlMessagesAreSurvived() async throws {
        let network = MemoryNetwork()
        let test = try TestService(network)
        try test.join()
        let raw = try await RawPeer(network, to: test) { stream in
            while (try? await stream.read()).flatMap({ $0 }) != nil {}
        }
        let ids = (0..<2000).map { number in [UInt8(number >> 8), UInt8(number & 0xFF)] }
        let flood = GossipRPC(
            subscriptions: Self.join.subscriptions,
            control: GossipControl(
                have: [.init(topic: "t", ids: ids)], want: [ids],
                graft: Array(repeating: "t", count: 500),
                prune: Array(repeating: .init(topic: "t", backoff: 60), count: 500),
                dontWant: [ids]))
        for _ in 0..<50 { try? await raw.send(flood) }
        #expect(await eventually { test.service.score(of: raw.host.id) < 0 })
        // Others are still heard.
        let good = try await RawPeer(network, to: test)
        let message = GossipSigning.strictSign(NodeKey()).message([2], topic: "t", number: 2)
        try await good.send(GossipRPC(messages: [message]))
        #expect(await eventually { test.received == [[2]] })
        await test.service.stop()
    }

    /// A peer that goes on below the graylist threshold is told of; one that does not is not.
    @Test func whoGoesOnMisbehavingIsToldOf() async throws {
        let network = MemoryNetwork()
        let test = try TestService(network) { $0.graylistHeartbeats = 2 }
        try test.join()
        let told = Mutex<Set<PeerID>>([])
        test.service.onMisbehaviour { peer, score in
            #expect(score < -1000)
            told.withLock { _ = $0.insert(peer) }
        }
        let swallow: MemoryHost.Handler = { stream in while (try? await stream.read()).flatMap({ $0 }) != nil {} }
        let (bad, good) = (
            try await RawPeer(network, to: test, swallow), try await RawPeer(network, to: test, swallow)
        )
        try await good.send(Self.join)
        let control = GossipControl(graft: ["t"], prune: [.init(topic: "t", backoff: 60)])
        for _ in 0..<20 {
            try await bad.send(GossipRPC(subscriptions: Self.join.subscriptions, control: control))
        }
        #expect(await eventually { told.withLock { $0 } == [bad.host.id] })
        #expect(test.service.topicPeers(of: "t").contains(good.host.id))
        await test.service.stop()
    }

    @Test func loopbackIsNotCountedByAddress() throws {
        var options = GossipServiceOptions()
        func addresses(_ text: String) throws -> [String] { options.addresses(try Multiaddr(text)) }
        #expect(try addresses("/ip4/127.0.0.1/tcp/1").isEmpty && addresses("/ip6/::1/tcp/1").isEmpty)
        #expect(try addresses("/ip4/10.0.0.1/tcp/1") == ["10.0.0.1"])
        #expect(try addresses("/ip6/::ffff:10.0.0.1/tcp/1") == ["10.0.0.1"])
        #expect(try addresses("/ip6/2001:db8:1:2::3/tcp/1") == ["2001:db8:1:2::3", "2001:db8:1:2::/64"])
        options.countsLoopback = true
        #expect(try addresses("/ip4/127.0.0.1/tcp/1") == ["127.0.0.1"])
    }
}
