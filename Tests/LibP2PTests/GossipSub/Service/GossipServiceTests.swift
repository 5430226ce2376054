import LibP2P
import Testing

@Suite struct GossipServiceTests {
    private func services(_ count: Int) async throws -> [TestService] {
        let network = MemoryNetwork()
        let all = try (0..<count).map { _ in try TestService(network) }
        for test in all { try test.join() }
        for index in 1..<count {
            for step in [1, 3, 7] where step <= index {
                try await all[index].host.connect(to: all[index - step].host.address)
            }
        }
        return all
    }

    private func stop(_ all: [TestService]) async { for test in all { await test.service.stop() } }

    @Test(arguments: [3, 20]) func messagesReachEverybodyOnce(count: Int) async throws {
        let all = try await services(count)
        #expect(await eventually { all.allSatisfy { $0.service.mesh(of: "t").count >= 1 } })
        #expect(
            await eventually { all.allSatisfy { $0.service.topicPeers(of: "t").count == $0.host.connections.count } })
        let payloads = all.indices.map { [1, UInt8($0)] }
        for (test, payload) in zip(all, payloads) { try test.service.publish(payload, to: "t") }
        for (test, own) in zip(all, payloads) {
            let others = Set(payloads.filter { $0 != own })
            #expect(await eventually { Set(test.received) == others })
            #expect(test.received.count == others.count)
        }
        await stop(all)
    }

    /// Three in a line: the one in the middle validates.
    private func line() async throws -> [TestService] {
        let network = MemoryNetwork()
        let all = try (0..<3).map { _ in try TestService(network) }
        for test in all { try test.join() }
        for index in 1..<3 { try await all[index].host.connect(to: all[index - 1].host.address) }
        #expect(
            await eventually {
                all[0].service.mesh(of: "t") + all[2].service.mesh(of: "t") == [all[1].host.id, all[1].host.id]
            })
        return all
    }

    @Test func rejectedMessagesAreNotRelayed() async throws {
        let all = try await line()
        try all[0].service.publish([0xFF], to: "t")
        try all[0].service.publish([1], to: "t")
        #expect(await eventually { all[2].received == [[1]] })
        #expect(all[1].received.contains([0xFF]))
        await stop(all)
    }

    @Test func messagesComeAgainAfterAReconnect() async throws {
        let all = try await line()
        all[0].host.disconnect(all[1].host.id)
        #expect(await eventually { all[0].service.topicPeers(of: "t").isEmpty })
        try await all[0].host.connect(to: all[1].host.address)
        #expect(await eventually { !all[0].service.topicPeers(of: "t").isEmpty })
        try all[0].service.publish([2], to: "t")
        #expect(await eventually { all[2].received == [[2]] })
        await stop(all)
    }

    @Test func whoLeftATopicHearsNothing() async throws {
        let all = try await line()
        all[2].service.unsubscribe("t")
        #expect(await eventually { all[1].service.topicPeers(of: "t") == [all[0].host.id] })
        try all[0].service.publish([3], to: "t")
        #expect(await eventually { all[1].received == [[3]] })
        #expect(all[2].received.isEmpty && all[2].service.mesh(of: "t").isEmpty)
        await stop(all)
    }

    @Test func stoppingEndsAllStreams() async throws {
        let all = try await line()
        await all[1].service.stop()
        #expect(all[1].service.topicPeers(of: "t").isEmpty || all[1].host.streams(all[0].host.id).isEmpty)
        #expect(await eventually { all[1].host.streams(all[0].host.id).isEmpty })
        #expect(await eventually { all[0].service.topicPeers(of: "t").isEmpty })
        await stop(all)
    }

    @Test func aServiceWantsItsHostsKeyAndIDsForUnsignedMessages() throws {
        let host = try MemoryNetwork().host()
        #expect(throws: GossipError.invalidParameter("signing")) {
            try GossipService(host: host, signing: .strictSign(NodeKey()))
        }
        #expect(throws: GossipError.invalidParameter("messageID")) {
            try GossipService(host: host, signing: .strictNoSign)
        }
    }
}
