import LibP2P
import Testing

/// The rules for connections and streams, without any.
@Suite struct ConnectionGateTests {
    private let peers = (0..<8).map { _ in NodeKey().peerID }

    private func ip(_ text: String) throws -> Multiaddr.Component { try #require(IPv4(text).map { .ip4($0) }) }

    private func refusal(_ body: () throws(HostError) -> Void) -> String? {
        do throws(HostError) { try body() } catch { return error.description }
        return nil
    }

    @Test func countsOfConnections() throws {
        var limits = ConnectionLimits()
        (limits.connections, limits.inbound, limits.upgrading) = (4, 3, 2)
        var gate = ConnectionGate(limits: limits)
        let address = try ip("127.0.0.1")
        try gate.begin(1, from: address, isOutbound: false, at: .zero)
        try gate.begin(2, from: address, isOutbound: false, at: .zero)
        #expect(
            refusal { () throws(HostError) in try gate.begin(3, from: address, isOutbound: false, at: .zero) }
                == "the limit on connections that are being upgraded is reached")
        try gate.establish(1, with: peers[1], at: .zero)
        try gate.begin(3, from: address, isOutbound: false, at: .zero)
        try gate.establish(2, with: peers[2], at: .zero)
        #expect(
            refusal { () throws(HostError) in try gate.begin(4, from: address, isOutbound: false, at: .zero) }
                == "the limit on inbound connections is reached")
        try gate.begin(4, from: address, isOutbound: true, at: .zero)
        #expect(
            refusal { () throws(HostError) in try gate.begin(5, from: address, isOutbound: true, at: .zero) }
                == "the limit on connections is reached")
        gate.end(1)
        gate.end(1)
        #expect(gate.count == 3)
        try gate.begin(5, from: address, isOutbound: false, at: .zero)
        for number in 1...5 as ClosedRange<UInt64> { gate.end(number) }
        #expect(gate.count == 0)
    }

    @Test func countsOfAddressesAndPeers() throws {
        var limits = ConnectionLimits()
        (limits.perAddress, limits.perNetwork, limits.perPeer) = (2, 3, 1)
        var gate = ConnectionGate(limits: limits)
        let texts = ["10.1.1.1", "10.1.1.1", "10.1.1.2"]
        for (number, text) in texts.enumerated() {
            try gate.begin(UInt64(number), from: ip(text), isOutbound: false, at: .zero)
        }
        let (same, near, far) = (try ip("10.1.1.1"), try ip("10.1.1.3"), try ip("10.1.2.3"))
        #expect(
            refusal { () throws(HostError) in try gate.begin(9, from: same, isOutbound: false, at: .zero) }
                == "the limit on connections of an address is reached")
        #expect(
            refusal { () throws(HostError) in try gate.begin(9, from: near, isOutbound: true, at: .zero) }
                == "the limit on connections of a network is reached")
        try gate.begin(9, from: far, isOutbound: false, at: .zero)
        try gate.establish(9, with: peers[0], at: .zero)
        #expect(
            refusal { () throws(HostError) in try gate.establish(0, with: peers[0], at: .zero) }
                == "the limit on connections with a peer is reached")
        gate.end(9)
        gate.end(1)
        try gate.begin(10, from: near, isOutbound: false, at: .zero)
        try gate.establish(0, with: peers[0], at: .zero)
        // Two addresses of one /56, and one of the next.
        var wide = ConnectionGate(limits: limits)
        let six = try ["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1", "2001:db8:0:100::1"].map {
            Multiaddr.Component.ip6(try #require(IPv6($0)))
        }
        for number in 0..<3 { try wide.begin(UInt64(number), from: six[number], isOutbound: false, at: .zero) }
        #expect(
            refusal { () throws(HostError) in try wide.begin(4, from: six[0], isOutbound: false, at: .zero) } != nil)
        try wide.begin(5, from: six[3], isOutbound: false, at: .zero)
    }

    @Test func bansEnd() throws {
        var limits = ConnectionLimits()
        limits.bans = 2
        var gate = ConnectionGate(limits: limits)
        let address = try ip("10.0.0.1")
        gate.ban(.address(address), until: .seconds(10), at: .zero)
        gate.ban(.peer(peers[0]), until: .seconds(20), at: .zero)
        gate.ban(.peer(peers[0]), until: .seconds(5), at: .zero)
        #expect(
            refusal { () throws(HostError) in try gate.begin(1, from: address, isOutbound: false, at: .seconds(9)) }
                == "refused: the address is banned")
        try gate.begin(1, from: address, isOutbound: false, at: .seconds(10))
        #expect(
            refusal { () throws(HostError) in try gate.establish(1, with: peers[0], at: .seconds(19)) }
                == "refused: peer \(peers[0]) is banned")
        try gate.establish(1, with: peers[0], at: .seconds(20))
        // The ban that ends first makes room.
        gate.ban(.peer(peers[1]), until: .seconds(60), at: .seconds(21))
        gate.ban(.peer(peers[2]), until: .seconds(50), at: .seconds(21))
        gate.ban(.peer(peers[3]), until: .seconds(70), at: .seconds(21))
        try gate.check(.peer(peers[2]), at: .seconds(22))
        for peer in [peers[1], peers[3]] {
            #expect(refusal { () throws(HostError) in try gate.check(.peer(peer), at: .seconds(22)) } != nil)
        }
    }

    @Test func idleAndTrimmed() throws {
        var limits = ConnectionLimits()
        (limits.highWater, limits.lowWater, limits.idle, limits.grace) = (4, 2, .seconds(100), .seconds(10))
        var gate = ConnectionGate(limits: limits)
        let address = try ip("127.0.0.1")
        for number in 0..<6 {
            try gate.begin(UInt64(number), from: address, isOutbound: number == 0, at: .seconds(number))
            try gate.establish(UInt64(number), with: peers[number], at: .seconds(number))
            gate.setStreams(UInt64(number), to: number == 1 ? 0 : 6 - number, at: .seconds(number))
        }
        try gate.begin(7, from: address, isOutbound: false, at: .zero)
        #expect(gate.surplus(at: .seconds(9)) == [], "all are young")
        #expect(gate.surplus(at: .seconds(14)) == [1, 2, 3, 4])
        #expect(gate.surplus(at: .seconds(15)) == [1, 3, 4, 5], "those with the fewest streams")
        gate.protect(peers[5], true)
        #expect(gate.surplus(at: .seconds(15)) == [1, 2, 3, 4])
        gate.end(3)
        gate.end(4)
        #expect(gate.surplus(at: .seconds(100)) == [], "four are not too many")
        #expect(gate.surplus(at: .seconds(101)) == [1], "idle")
        gate.setStreams(1, to: 1, at: .seconds(101))
        gate.setStreams(1, to: 0, at: .seconds(110))
        #expect(gate.surplus(at: .seconds(209)) == [] && gate.surplus(at: .seconds(210)) == [1])
        gate.protect(peers[1], true)
        #expect(gate.surplus(at: .seconds(1000)) == [])
        gate.protect(peers[1], false)
        #expect(gate.surplus(at: .seconds(1000)) == [1])
    }

    @Test func countsOfStreams() throws {
        var limits = ConnectionLimits()
        (limits.streams, limits.streamsPerPeer) = (5, 3)
        var gate = ConnectionGate(limits: limits)
        for number in 0..<3 as Range<UInt64> {
            try gate.begin(number, from: nil, isOutbound: true, at: .zero)
            try gate.establish(number, with: peers[number == 2 ? 1 : 0], at: .zero)
        }
        gate.setStreams(0, to: 2, at: .zero)
        gate.setStreams(1, to: 1, at: .zero)
        #expect(gate.streamExcess(0) == nil)
        gate.setStreams(1, to: 2, at: .zero)
        #expect(gate.streamExcess(0) == "streams with a peer" && gate.streamExcess(2) == nil)
        gate.setStreams(2, to: 2, at: .zero)
        #expect(gate.streamExcess(2) == "streams")
        gate.end(0)
        #expect(gate.streamExcess(1) == nil && gate.streamExcess(2) == nil)
    }
}
