import PoAINetwork
import PoAIPrimitives
import Testing

import struct LibP2P.PeerID

@Suite struct RelayTests {
    static func peer(_ byte: UInt8) throws -> PeerID {
        try PeerID(bytes: [0x12, 0x20] + [UInt8](repeating: byte, count: 32))
    }

    static func announcement(_ nonce: UInt64) -> BlockAnnouncement {
        var header = WireTests.header()
        header.nonce = nonce
        return .header(header)
    }

    @Test func theBudgetEndsAndRefills() throws {
        var relay = BlockRelay()
        let peer = try Self.peer(1)
        func receive(_ nonce: UInt64, _ seconds: Int, _ relay: inout BlockRelay) -> BlockRelay.Decision {
            relay.receive(Self.announcement(nonce), from: peer, standing: .plausible, at: .seconds(seconds))
        }
        for nonce in UInt64(1)...8 { #expect(receive(nonce, 0, &relay) == .queued) }
        #expect(receive(9, 0, &relay) == .ignore)
        #expect(receive(9, 4, &relay) == .ignore)
        #expect(receive(9, 5, &relay) == .queued)
        #expect(relay.count == 9)
    }

    @Test func standingsDecide() throws {
        var relay = BlockRelay()
        let peer = try Self.peer(1)
        let block = Self.announcement(1)
        #expect(relay.receive(block, from: peer, standing: .known, at: .zero) == .ignore)
        #expect(relay.receive(block, from: peer, standing: .knownInvalid("x"), at: .zero) == .reject(.invalidBlock))
        let future = relay.receive(block, from: peer, standing: .rejected(.fromTheFuture(seconds: 5)), at: .zero)
        #expect(future == .ignore)
        let missing = relay.receive(block, from: peer, standing: .rejected(.missingParent(.zero)), at: .zero)
        #expect(missing == .fetch(missing: .zero))
        #expect(relay.next() == nil)
    }

    @Test func anInvalidBlockBansAndPointsDecay() throws {
        var peers = ChainPeers()
        let peer = try Self.peer(1)
        #expect(peers.note(.malformed, of: peer, at: .zero) == .none)
        #expect(peers.points(of: peer, at: .seconds(600)) == 20)
        #expect(peers.note(.invalidBlock, of: peer, at: .zero) == .ban(ChainPeers.banTime))
    }
}
