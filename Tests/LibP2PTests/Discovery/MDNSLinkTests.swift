import LibP2P
import PoAITestSupport
import Testing

@Suite struct MDNSLinkTests {
    private let service = "_test._udp.local"
    private let own = NodeKey().peerID
    private let other = NodeKey().peerID

    private func link(_ peer: PeerID, _ name: String = "mine", scope: AddressScope = .privateNetwork) throws -> MDNSLink
    {
        let service = try #require(DNSLabels(service))
        return try #require(MDNSLink(service: service, instance: name, own: peer, scope: scope, at: .zero))
    }

    private func address(_ text: String) throws -> Multiaddr { try Multiaddr(text) }

    /// What a link answers to a question, encoded.
    private func answer(of peer: PeerID, _ addresses: [String], scope: AddressScope = .privateNetwork) throws
        -> [UInt8]?
    {
        var link = try link(peer, "theirs", scope: scope)
        var random = DeterministicRandom(seed: 1)
        let addresses = try addresses.map { try Multiaddr($0) }
        for case .send(let question) in link.tick(at: .zero, addresses: { addresses }) {
            _ = link.received(try #require(question.encoded), at: .zero, using: &random)
        }
        for case .send(let message) in link.tick(at: .milliseconds(120), addresses: { addresses }) {
            return message.encoded
        }
        return nil
    }

    @Test func asksAtStartAndThenLessAndLess() throws {
        var link = try link(own)
        var times: [Int64] = []
        while times.count < 10 {
            let now = link.nextDeadline
            let actions = link.tick(at: now) { [] }
            #expect(actions.count == 1)
            guard case .send(let message)? = actions.first else { break }
            #expect(message.questions.map(\.name.description) == [service])
            #expect(link.tick(at: now) { [] } == [])
            times.append(now.components.seconds)
        }
        #expect(times == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243])
    }

    @Test func answersAtMostOnceASecond() throws {
        var asker = try link(other)
        guard case .send(let question)? = asker.tick(at: .zero, addresses: { [] }).first else { return }
        let bytes = try #require(question.encoded)
        let addresses = [try address("/ip4/10.0.0.1/tcp/4001")]
        var link = try link(own)
        var random = DeterministicRandom(seed: 2)
        var answers: [Duration] = []
        // A flood: a question every millisecond for five seconds.
        for millisecond in 0..<5000 {
            let now = Duration.milliseconds(millisecond)
            #expect(link.received(bytes, at: now, using: &random) == [])
            for case .send(let message) in link.tick(at: now, addresses: { addresses }) where message.isResponse {
                answers.append(now)
            }
        }
        #expect((4...5).contains(answers.count))
        #expect(answers.allSatisfy { $0 >= .milliseconds(20) })
        for (one, next) in zip(answers, answers.dropFirst()) { #expect(next - one >= .seconds(1)) }
    }

    @Test func findsOthersButNotItself() throws {
        let bytes = try #require(try answer(of: other, ["/ip4/10.0.0.1/tcp/4001", "/ip4/10.0.0.1/tcp/4002"]))
        var random = DeterministicRandom(seed: 3)
        var link = try link(own)
        let expected = try ["4001", "4002"].map { try address("/ip4/10.0.0.1/tcp/\($0)/p2p/\(other)") }
        #expect(link.received(bytes, at: .zero, using: &random) == [.found(other, expected)])
        var same = try self.link(other)
        #expect(same.received(bytes, at: .zero, using: &random) == [])
        let name = try #require(DNSLabels("_other._udp.local"))
        var elsewhere = try #require(
            MDNSLink(service: name, instance: "a", own: own, scope: .privateNetwork, at: .zero))
        #expect(elsewhere.received(bytes, at: .zero, using: &random) == [])
    }

    @Test func oneNameIsOnePeer() throws {
        let service = try #require(DNSLabels(service))
        let name = try #require(service.child("theirs"))
        let strings = try [other, NodeKey().peerID, other].enumerated().map { number, peer in
            try Multiaddr("/ip4/10.0.0.1/tcp/\(number + 1)/p2p/\(peer)")
        }
        let text = DNSMessage.Content.text(strings.map { Array("dnsaddr=\($0)".utf8) })
        let message = DNSMessage(
            isResponse: true, answers: [.init(name: service, timeToLive: 1, content: .pointer(name))],
            additional: [.init(name: name, timeToLive: 1, content: text)])
        var link = try link(own)
        var random = DeterministicRandom(seed: 8)
        let bytes = try #require(message.encoded)
        #expect(link.received(bytes, at: .zero, using: &random) == [.found(other, [strings[0], strings[2]])])
    }

    @Test func everyFlippedBitIsRefusedOrChangesNoPeer() throws {
        let bytes = try #require(try answer(of: other, ["/ip4/10.0.0.1/tcp/4001"]))
        var random = DeterministicRandom(seed: 4)
        var found = 0
        for bit in 0..<bytes.count * 8 {
            var link = try link(own)
            for case .found(let peer, let addresses) in link.received(bytes.flipping(bit), at: .zero, using: &random) {
                found += 1
                #expect(!addresses.isEmpty && addresses.allSatisfy { $0.peerID == peer })
            }
        }
        #expect(found > 0 && found < bytes.count * 8)
    }

    @Test func addressesAreOnlyToldWhereTheyMeanSomething() throws {
        let all = ["/ip4/127.0.0.1/tcp/1", "/ip4/10.0.0.1/tcp/2", "/ip4/9.9.9.9/tcp/3", "/ip4/0.0.0.0/tcp/4"]
        let near = try #require(try answer(of: other, all, scope: .loopback))
        var random = DeterministicRandom(seed: 5)
        for (scope, count) in [(AddressScope.loopback, 3), (.privateNetwork, 2)] {
            var link = try link(own, scope: scope)
            guard case .found(_, let addresses)? = link.received(near, at: .zero, using: &random).first else {
                Issue.record("nobody found")
                continue
            }
            #expect(addresses.count == count)
            let told = try #require(try answer(of: other, all, scope: scope))
            var loopback = try self.link(own, scope: .loopback)
            guard case .found(_, let heard)? = loopback.received(told, at: .zero, using: &random).first else {
                Issue.record("nobody found")
                continue
            }
            #expect(heard.count == count)
        }
        #expect(try answer(of: other, ["/ip4/0.0.0.0/tcp/4"]) == nil)
    }

    @Test func answersHaveBounds() throws {
        let limits = MDNSLimits()
        let many = (0..<50).map { "/ip4/10.0.0.1/tcp/\(1000 + $0)" }
        let bytes = try #require(try answer(of: other, many))
        #expect(bytes.count <= 1400)
        let message = try DNSMessage(encoded: bytes)
        guard case .text(let strings)? = message.additional.first?.content else { return }
        #expect(strings.count == limits.addresses && strings.allSatisfy { $0.count <= 255 })
        let names = (0..<20).map {
            "/dns4/\(String(repeating: "a", count: 60)).\(String(repeating: "b", count: 55 + $0 % 5)).x/tcp/\($0 + 1)"
        }
        let named = try #require(try answer(of: other, names))
        #expect(named.count <= 1400)
        let tooLong = Array(repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".")
        #expect(try answer(of: other, ["/dns4/\(tooLong)/tcp/1"]) == nil)

        // One message that tells of many peers with many addresses each.
        let service = try #require(DNSLabels(service))
        var crowd = DNSMessage(isResponse: true)
        for number in 0..<20 {
            let name = try #require(service.child("p\(number)"))
            let peer = NodeKey().peerID
            let texts = (1...40).map { Array("dnsaddr=/ip4/10.0.0.1/tcp/\($0)/p2p/\(peer)".utf8) }
            crowd.answers.append(.init(name: service, timeToLive: 1, content: .pointer(name)))
            if number < 9 {
                crowd.additional.append(.init(name: name, timeToLive: 1, content: .text(Array(texts.prefix(9)))))
            }
        }
        var link = try link(own)
        var random = DeterministicRandom(seed: 6)
        let found = link.received(try #require(crowd.encoded), at: .zero, using: &random)
        #expect(found.count == limits.peers)
        for case .found(_, let addresses) in found { #expect(addresses.count == limits.addresses) }
    }

    @Test func aFloodOfAnswersIsCut() throws {
        let bytes = try #require(try answer(of: other, ["/ip4/10.0.0.1/tcp/4001"]))
        var link = try link(own)
        var random = DeterministicRandom(seed: 7)
        var found = 0
        for _ in 0..<1000 { found += link.received(bytes, at: .milliseconds(10), using: &random).count }
        #expect(found == MDNSLimits().responsesPerSecond)
        #expect(link.received(bytes, at: .milliseconds(1010), using: &random).count == 1)
    }

    @Test func onlyTheSameNetworkCounts() throws {
        let interface = try #require(MDNSInterface(address: [10, 1, 2, 3], mask: [255, 255, 255, 0]))
        #expect(interface.contains([10, 1, 2, 200]) && !interface.contains([10, 1, 3, 3]) && !interface.contains([]))
        #expect(interface.scope == .privateNetwork)
        #expect(MDNSInterface(address: [127, 0, 0, 1], mask: [255, 0, 0, 0])?.scope == .loopback)
        #expect(MDNSInterface(address: [0, 0, 0, 0], mask: [0, 0, 0, 0]) == nil)
        #expect(interface.specified(try address("/ip4/0.0.0.0/tcp/9")).description == "/ip4/10.1.2.3/tcp/9")
        #expect(interface.specified(try address("/ip4/8.8.8.8/tcp/9")).description == "/ip4/8.8.8.8/tcp/9")
    }
}
