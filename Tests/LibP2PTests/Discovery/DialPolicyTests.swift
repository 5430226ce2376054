import LibP2P
import PoAITestSupport
import Testing

@Suite struct DialPolicyTests {
    private func peer(_ number: Int) throws -> PeerID {
        try PeerID(bytes: Multihash(sha256Of: [UInt8(number & 255), UInt8(number >> 8)]).bytes)
    }

    private func address(_ number: Int) throws -> Multiaddr {
        try Multiaddr("/ip4/9.\(number >> 8).\(number & 255).1/tcp/4001/p2p/\(try peer(number))")
    }

    @Test func aNewAddressReplacesTheWorstOne() throws {
        var limits = DialPolicy.Limits()
        (limits.addresses, limits.target, limits.dials) = (10, 100, 100)
        var policy = DialPolicy(limits: limits)
        var random = DeterministicRandom(seed: 1)
        for number in 0..<10 { #expect(policy.learn(try address(number), from: .kademlia)) }
        #expect(!policy.learn(try address(10), from: .kademlia))
        // All are dialled now; none may go, also when it failed before.
        #expect(policy.choose(connections: [], at: .zero, using: &random).count == 10)
        policy.failed(try address(3), at: .zero)
        policy.failed(try address(4), at: .zero)
        #expect(policy.choose(connections: [], at: .seconds(5), using: &random).count == 2)
        #expect(!policy.learn(try address(10), from: .kademlia))
        policy.failed(try address(3), at: .zero)
        #expect(policy.learn(try address(10), from: .kademlia))
        #expect(policy.addresses(of: try peer(3)) == [])
        #expect(policy.count == 10)
        #expect(!policy.learn(try address(11), from: .kademlia))
        policy.failed(try address(4), at: .zero)
        #expect(policy.learn(try address(11), from: .kademlia))
        #expect(policy.addresses(of: try peer(4)) == [])
    }

    @Test func noMorePeersThanAllowed() throws {
        for (maximum, chosen) in [(0, 0), (3, 1), (100, 8)] {
            var limits = DialPolicy.Limits()
            limits.maxPeers = maximum
            var policy = DialPolicy(limits: limits)
            var random = DeterministicRandom(seed: 2)
            for number in 0..<20 { policy.learn(try address(number), from: .mdns) }
            let connections = try (100..<102).map { number in
                PeerConnection(peer: try peer(number), remoteAddress: try address(number), isOutbound: true)
            }
            #expect(policy.choose(connections: connections, at: .zero, using: &random).count == chosen)
            let named = try address(200)
            policy.addExplicit(named)
            #expect(policy.choose(connections: connections, at: .zero, using: &random).contains(named))
        }
    }

    @Test func namedPeersAreForgottenOnRequest() throws {
        var policy = DialPolicy()
        var random = DeterministicRandom(seed: 3)
        let bare = try Multiaddr("/ip4/9.9.9.9/tcp/1")
        policy.addExplicit(try address(1))
        policy.addExplicit(bare)
        #expect(policy.explicitPeers == [try peer(1)])
        policy.reached(bare, try peer(2))
        #expect(policy.explicitPeers == [try peer(1), try peer(2)])
        #expect(!policy.removeExplicit(try peer(3)))
        #expect(policy.removeExplicit(try peer(2)))
        #expect(!policy.removeExplicit(try peer(2)))
        #expect(policy.choose(connections: [], at: .zero, using: &random) == [try address(1)])
        #expect(policy.count == 1)
    }

    @Test func onlyAddressesThatNameAPeerAreLearnt() throws {
        var policy = DialPolicy()
        #expect(!policy.learn(try Multiaddr("/ip4/9.9.9.9/tcp/1"), from: .kademlia))
        #expect(!policy.learn(try Multiaddr("/p2p/\(try peer(1))"), from: .kademlia))
        #expect(policy.learn(try address(1), from: .kademlia, failures: 1000))
        // One try is left to an address that failed in an earlier run.
        policy.failed(try address(1), at: .zero)
        #expect(policy.count == 0)
    }
}
