import LibP2P
import PoAITestSupport
import Testing

@Suite struct DiscoveryTests {
    private func peer(_ number: Int) throws -> PeerID {
        try PeerID(bytes: Multihash(sha256Of: [UInt8(number & 255), UInt8(number >> 8)]).bytes)
    }

    private func address(_ ip: String, _ number: Int) throws -> Multiaddr {
        try Multiaddr("/ip4/\(ip)/tcp/\(1000 + number)/p2p/\(try peer(number))")
    }

    @Test func oneGroupDoesNotCrowdOutOthers() throws {
        var policy = DialPolicy()
        var random = DeterministicRandom(seed: 1)
        for number in 0..<1000 { policy.learn(try address("9.9.9.\(number % 250 + 1)", number), from: .kademlia) }
        #expect(policy.count == policy.limits.addressesPerGroup)
        for number in 0..<10 { policy.learn(try address("8.8.\(number).1", 2000 + number), from: .kademlia) }
        var connections: [PeerConnection] = []
        for _ in 0..<10 {
            for chosen in policy.choose(connections: connections, at: .zero, using: &random) {
                let peer = try #require(chosen.peerID)
                policy.reached(chosen, peer)
                connections.append(PeerConnection(peer: peer, remoteAddress: chosen, isOutbound: true))
            }
        }
        let ofOne = connections.count { $0.remoteAddress.description.hasPrefix("/ip4/9.9.9.") }
        #expect(ofOne == 2)
        #expect(connections.count == 12)
    }

    @Test func loopbackIsExemptWhenAllowed() throws {
        var random = DeterministicRandom(seed: 2)
        for isExempt in [false, true] {
            var policy = DialPolicy(exemptsLoopback: isExempt)
            for number in 0..<6 { policy.learn(try address("127.0.0.1", number), from: .identify) }
            #expect(policy.choose(connections: [], at: .zero, using: &random).count == (isExempt ? 6 : 2))
        }
    }

    @Test func explicitPeersAreDialledForEver() throws {
        var policy = DialPolicy()
        var random = DeterministicRandom(seed: 3)
        let named = try address("9.9.9.9", 1)
        let other = try address("8.8.8.8", 2)
        policy.addExplicit(named)
        policy.learn(other, from: .kademlia)
        var now = Duration.zero
        for round in 0..<20 {
            let chosen = policy.choose(connections: [], at: now, using: &random)
            #expect(chosen.contains(named))
            #expect(chosen.contains(other) == (round < policy.limits.failures))
            for address in chosen { policy.failed(address, at: now) }
            #expect(policy.choose(connections: [], at: now + .seconds(4), using: &random) == [])
            now += policy.limits.longestWait
        }
        let connection = PeerConnection(peer: try peer(1), remoteAddress: named, isOutbound: true)
        #expect(policy.choose(connections: [connection], at: now, using: &random) == [])
    }

    @Test func scopesOfAddresses() throws {
        let scopes: [(String, AddressScope?)] = [
            ("/ip4/127.0.0.1", .loopback), ("/ip6/::1", .loopback), ("/ip4/10.1.2.3", .privateNetwork),
            ("/ip4/172.31.0.1", .privateNetwork), ("/ip4/172.32.0.1", .publicNetwork),
            ("/ip4/192.168.0.1", .privateNetwork), ("/ip4/8.8.8.8", .publicNetwork), ("/ip4/0.0.0.0", nil),
            ("/ip4/224.0.0.1", nil), ("/ip6/fe80::1", .privateNetwork), ("/ip6/fd00::1", .privateNetwork),
            ("/ip6/2001:db8::1", .publicNetwork), ("/ip6/::ffff:127.0.0.1", .loopback), ("/ip6/::", nil),
        ]
        let policy = AddressPolicy(allowsLoopback: true)
        for (text, scope) in scopes {
            #expect(AddressScope(try Multiaddr(text)) == scope, "\(text)")
            let address = try Multiaddr(text + "/tcp/1")
            #expect(policy.mayShare(address, with: .publicNetwork) == (scope == .publicNetwork), "\(text)")
            #expect(policy.mayShare(address, with: .loopback) == (scope != nil), "\(text)")
            #expect(AddressPolicy().mayUse(address) == (scope != nil && scope != .loopback), "\(text)")
        }
    }

    @Test func loopbackIsFreeOfGroupLimitsOfTheTable() {
        for isExempt in [false, true] {
            var limits = KademliaLimits()
            limits.exemptsLoopback = isExempt
            var table = KademliaTable(ownID: [0], limits: limits, hash: kademliaPlainHash)
            for number in UInt8(0)..<15 {
                let peer = KademliaPeer(id: [0x80, number], addresses: [kademliaAddress(127, 0, 0, 1)])
                _ = table.insert(peer, reachedAt: peer.addresses[0], at: .zero)
            }
            #expect(table.count == (isExempt ? 15 : 2))
            #expect(table.brokenInvariants == [])
        }
    }

    @Test func kademliaMessagesRoundTripAndSurviveAnything() throws {
        let peers = (0..<3).map { kademliaPeer($0) }
        let record = KademliaRecord(key: [1], value: [2])
        let requests: [KademliaRequest] = [
            .ping, .findNode([1]), .getValue([2]), .getProviders([3]), .putValue(record), .addProvider([4], peers),
        ]
        for request in requests { #expect(try KademliaRequest(encoded: request.encoded) == request) }
        let responses: [KademliaResponse] = [
            .pong, .nodes(peers), .value(record, closer: peers), .value(nil, closer: []),
            .providers(peers, closer: peers),
        ]
        for response in responses { #expect(try KademliaResponse(encoded: response.encoded) == response) }
        let long = [UInt8](repeating: 0, count: KademliaLimits().messageBytes + 1)
        #expect(throws: KademliaMessageError.tooLong) { try KademliaRequest(encoded: long) }
        #expect(throws: KademliaMessageError.unknownType) { try KademliaRequest(encoded: [8, 9]) }
        #expect(throws: KademliaMessageError.noRecord) { try KademliaRequest(encoded: []) }
        var random = DeterministicRandom(seed: 4)
        let seeds = requests.map(\.encoded) + responses.map(\.encoded)
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = seeds[random.below(seeds.count)]
            if !bytes.isEmpty { bytes = bytes.flipping(random.below(bytes.count * 8)) }
            bytes = Array(bytes.prefix(random.below(bytes.count + 1) + 4))
            if let request = try? KademliaRequest(encoded: bytes) {
                taken += 1
                #expect((try? KademliaRequest(encoded: request.encoded)) == request)
            }
        }
        #expect(taken > 200 && taken < 20_000)
    }
}
