import PoAIChain
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
        #expect(missing == .held)
        #expect(relay.next() == nil)
    }

    @Test func outcomesDecide() throws {
        let peer = try Self.peer(1)
        let outcomes: [(ImportOutcome?, BlockRelay.Decision?)] = [
            (.sideBranch, nil), (nil, .ignore), (.alreadyKnown, .ignore),
            (.reorgTooDeep(forkHeight: 1, oldestKept: 2), .ignore), (.orphan(missing: .zero), .fetch(missing: .zero)),
            (.rejected(.mutated(.zero)), .reject(.mutatedBody)), (.rejected(.fromTheFuture(seconds: 9)), .ignore),
            (.rejected(.logsBloom), .reject(.invalidBlock)),
            (.rejected(.invalidAncestor(.zero)), .reject(.invalidBlock)),
        ]
        for (outcome, decision) in outcomes {
            var relay = BlockRelay()
            let block = Self.announcement(1)
            #expect(relay.receive(block, from: peer, standing: .plausible, at: .zero) == .queued)
            let next = relay.next()
            let waiting = try #require(next)
            // While it is looked at nobody else's copy is.
            let other = try Self.peer(2)
            #expect(relay.receive(block, from: other, standing: .plausible, at: .zero) == .ignore)
            #expect(relay.finish(waiting, outcome, at: .zero) == decision)
            #expect(relay.receive(block, from: other, standing: .plausible, at: .zero) == .queued)
        }
    }

    @Test func aRightBlockGivesItsPassBack() throws {
        var relay = BlockRelay()
        let peer = try Self.peer(1)
        func passes(_ outcome: ImportOutcome, from nonce: UInt64) throws -> Int {
            var count = 0
            for nonce in nonce..<nonce + 20 {
                let block = Self.announcement(nonce)
                guard relay.receive(block, from: peer, standing: .plausible, at: .zero) == .queued else { break }
                let next = relay.next()
                _ = relay.finish(try #require(next), outcome, at: .zero)
                count += 1
            }
            return count
        }
        #expect(try passes(.sideBranch, from: 100) == 20)
        #expect(try passes(.alreadyKnown, from: 200) == 8)
        #expect(try passes(.sideBranch, from: 300) == 0)
    }

    @Test func peersTakeTurns() throws {
        var relay = BlockRelay()
        for (byte, count) in [(UInt8(1), 4), (2, 2), (3, 1)] {
            for number in 0..<count {
                let block = Self.announcement(UInt64(byte) * 100 + UInt64(number))
                #expect(relay.receive(block, from: try Self.peer(byte), standing: .plausible, at: .zero) == .queued)
            }
        }
        var order: [PeerID] = []
        while let waiting = relay.next() { order.append(waiting.peer) }
        #expect(order == (try [1, 2, 3, 1, 2, 1, 1].map(Self.peer)))
    }

    /// However long the queues of others are, a peer with fewer blocks is not locked out.
    @Test func aFullQueueMakesRoomForThoseWithFewer() throws {
        var relay = BlockRelay()
        func receive(_ byte: UInt8, _ number: UInt64, _ time: Duration) throws -> BlockRelay.Decision {
            relay.receive(
                Self.announcement(UInt64(byte) * 100 + number), from: try Self.peer(byte), standing: .plausible,
                at: time)
        }
        for byte in UInt8(1)...8 {
            for number in UInt64(0)..<8 { #expect(try receive(byte, number, .zero) == .queued) }
        }
        #expect(relay.count == BlockRelay.queueLimit)
        #expect(relay.takeDisplaced().isEmpty)
        for number in UInt64(0)..<6 { #expect(try receive(9, number, .zero) == .queued) }
        #expect(relay.count == BlockRelay.queueLimit)
        // One each of six peers went, the newest, and none of the ninth's.
        let displaced = relay.takeDisplaced()
        #expect(Set(displaced.map(\.peer)).count == 6)
        #expect(try displaced.allSatisfy { try $0.announcement.header.nonce % 100 == 7 && $0.peer != Self.peer(9) })
        #expect(relay.takeDisplaced().isEmpty)
        // With seven it would have no fewer than the others; nor may those that have eight put in another.
        #expect(try receive(9, 6, .zero) == .queued)
        #expect(try receive(9, 7, .zero) == .ignore)
        #expect(try receive(8, 50, .seconds(5)) == .ignore)
        var taken: [PeerID: Int] = [:]
        while let waiting = relay.next() { taken[waiting.peer, default: 0] += 1 }
        #expect(taken.values.reduce(0, +) == BlockRelay.queueLimit)
        #expect(try taken[Self.peer(9)] == 7)
        // What made room may come again, and its pass was given back.
        let again = try #require(displaced.first)
        #expect(
            relay.receive(again.announcement, from: again.peer, standing: .plausible, at: .zero) == .queued)
    }

    @Test func aFullQueueOfEqualsTakesNothing() throws {
        var relay = BlockRelay()
        for byte in UInt8(0)..<64 {
            let block = Self.announcement(UInt64(byte))
            #expect(relay.receive(block, from: try Self.peer(byte), standing: .plausible, at: .zero) == .queued)
        }
        let late = Self.announcement(99)
        #expect(relay.receive(late, from: try Self.peer(99), standing: .plausible, at: .zero) == .ignore)
        #expect(relay.takeDisplaced().isEmpty && relay.count == BlockRelay.queueLimit)
    }

    @Test func anInvalidBlockBansAndPointsDecay() throws {
        var peers = ChainPeers()
        let peer = try Self.peer(1)
        #expect(peers.note(.malformed, of: peer, at: .zero) == .none)
        #expect(peers.points(of: peer, at: .seconds(600)) == 20)
        #expect(peers.note(.invalidBlock, of: peer, at: .zero) == .ban(ChainPeers.banTime))
    }
}
